//! The bytes of a photo's file, as somebody else may have made them.

use std::io::{BufRead, Seek};

use image::{DynamicImage, ImageDecoder as _, ImageReader, ImageResult, Limits};

/// The photo, upright.
pub(crate) fn decode<R: BufRead + Seek>(reader: ImageReader<R>) -> ImageResult<DynamicImage> {
    let mut reader = reader.with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// Larger files are refused before they are decoded.
const LARGEST_SIDE: u32 = 16_384;
const MOST_MEMORY: u64 = 512 << 20;
