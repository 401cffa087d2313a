//! Photos from files and to files.

mod decode;

use std::path::Path;

use cryptab_photo::Size;
use image::imageops::FilterType;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, RgbImage};

use crate::console::Console;
use crate::failure::{Failure, Kind};

/// A photo: three bytes a pixel, row by row.
#[derive(Clone)]
pub(crate) struct Photo {
    pub(crate) size: Size,
    pub(crate) rgb: Vec<u8>,
}

/// Whether large photos are scaled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scale {
    /// To at most 1024 pixels on the longer side.
    Usual,
    /// Not at all.
    Full,
}

impl Photo {
    /// Reads a PNG or JPEG file, upright and without transparency.
    pub(crate) fn read(file: &Path, scale: Scale, console: &Console) -> Result<Self, Failure> {
        let image = ImageReader::open(file)
            .map_err(ImageError::from)
            .and_then(decode::decode)
            .map_err(|error| Failure::file(file, error))?;
        let (width, height) = (image.width(), image.height());
        let longer = width.max(height);
        let image = if scale == Scale::Usual && longer > LONGER_SIDE {
            let smaller = image.resize(LONGER_SIDE, LONGER_SIDE, FilterType::CatmullRom);
            console.say(&format!(
                "The photo has {width}x{height} pixels and is scaled to {}x{}; --full keeps its size.",
                smaller.width(),
                smaller.height()
            ));
            smaller
        } else {
            image
        };
        let size = Size { width: image.width(), height: image.height() }.checked()?;
        Ok(Self { size, rgb: opaque(&image).into_raw() })
    }

    /// Writes a PNG or JPEG file, by its name.
    pub(crate) fn write(self, file: &Path) -> Result<(), Failure> {
        let Size { width, height } = self.size;
        let image = RgbImage::from_raw(width, height, self.rgb)
            .ok_or_else(|| Failure::new(Kind::Bug, "the result has another size than the photo"))?;
        image.save(file).map_err(|error| Failure::file(file, error))
    }
}

/// Refuses a name that no photo can be written to: better before the computation than after.
pub(crate) fn check_output(file: &Path) -> Result<(), Failure> {
    match ImageFormat::from_path(file) {
        Ok(ImageFormat::Png | ImageFormat::Jpeg) => Ok(()),
        _ => Err(Failure::file(file, "results are written to .png or .jpg files")),
    }
}

/// What is transparent is put on white.
fn opaque(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let image = image.to_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |level: u8| {
            let (level, alpha) = (u32::from(level), u32::from(alpha));
            u8::try_from((level * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

const LONGER_SIDE: u32 = 1024;

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgba, RgbaImage};

    use super::{check_output, opaque};

    #[test]
    fn transparency_becomes_white() {
        let image =
            RgbaImage::from_fn(2, 1, |x, _| Rgba([10, 20, 30, if x == 0 { 0 } else { 255 }]));
        assert_eq!(opaque(&DynamicImage::from(image)).into_raw(), [255, 255, 255, 10, 20, 30]);
    }

    #[test]
    fn results_go_to_known_formats() {
        assert!(check_output("a/out.png".as_ref()).is_ok());
        assert!(check_output("out.JPG".as_ref()).is_ok());
        for name in ["out", "out.gif", "out.txt"] {
            assert!(check_output(name.as_ref()).is_err());
        }
    }
}
