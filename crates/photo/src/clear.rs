use crate::{Adjust, Size};

/// The adjusted photo, computed without privacy: what the private result is compared with.
///
/// `rgb`: three bytes a pixel, row by row.
#[must_use]
pub fn clear(rgb: &[u8], size: Size, adjust: &Adjust) -> Vec<u8> {
    let (matrix, bias) = (adjust.matrix(), adjust.bias());
    let mapped: Vec<[f64; 3]> = rgb
        .chunks_exact(3)
        .map(|pixel| {
            let row =
                |i: usize| (0..3).map(|j| matrix[3 * i + j] * f64::from(pixel[j])).sum::<f64>();
            std::array::from_fn(|i| row(i) + bias[i])
        })
        .collect();
    let (width, height) = (size.width as usize, size.height as usize);
    let side = adjust.filter.len().isqrt();
    let mut result = Vec::with_capacity(rgb.len());
    for (row, column) in (0..height).flat_map(|row| (0..width).map(move |column| (row, column))) {
        let mut sums = [0.0; 3];
        for (i, weight) in adjust.filter.iter().enumerate() {
            let y = (row + i / side).saturating_sub(side / 2).min(height - 1);
            let x = (column + i % side).saturating_sub(side / 2).min(width - 1);
            let pixel = mapped[y * width + x];
            sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += weight * value);
        }
        result.extend(sums.map(level));
    }
    result
}

/// Clamped to 0..255 and rounded to nearest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in 0..=255")]
pub(crate) fn level(value: f64) -> u8 {
    (value.clamp(0.0, 255.0) + 0.5).floor() as u8
}
