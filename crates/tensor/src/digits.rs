use crate::Backend;

/// Some words of a plane from `word` on, to be worked on side by side; zeros beyond its end.
///
/// # Panics
/// When `word` is beyond the end.
#[inline(always)]
pub fn lanes<const LANES: usize>(plane: &[u64], word: usize) -> [u64; LANES] {
    let rest = &plane[word..];
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut lanes = [0; LANES];
        lanes[..rest.len()].copy_from_slice(rest);
        lanes
    })
}

/// For 64 positions a word: (shares of) whether the public number is below a secret one, and
/// whether it is equal.
///
/// `digits`: planes of the bits of the public numbers, least significant first. `hot`: shares of the
/// one-hot words of the secret ones, a plane for every value but the last, which is the parity of the
/// others, xor `parity`. Unused bits of the results mean nothing.
///
/// # Panics
/// When there are more than 8 digits, not `2^digits - 1` planes, or a plane is shorter than the results.
pub fn compare_digits(
    digits: &[&[u64]],
    hot: &[&[u64]],
    parity: u64,
    less: &mut [u64],
    equal: &mut [u64],
) {
    Backend::detect().compare_digits((digits, hot), parity, less, equal);
}
