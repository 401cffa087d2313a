//! A file of a photo.
#![no_main]

use std::io::Cursor;

use image::{GenericImageView as _, ImageReader};
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/cli/src/photo_file/decode.rs"]
mod decode;

fuzz_target!(|bytes: &[u8]| {
    // Images as large as they may be take long, whatever is in them.
    let small = |bytes| {
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
        let (width, height) = reader.into_dimensions().ok()?;
        (u64::from(width) * u64::from(height) <= 1 << 16).then_some(())
    };
    if small(bytes).is_none() {
        return;
    }
    if let Ok(image) = decode::decode(ImageReader::new(Cursor::new(bytes))) {
        let (width, height) = image.dimensions();
        assert_eq!(image.to_rgb8().len(), 3 * width as usize * height as usize);
    }
});
