//! Elements of any width as a dense little-endian bit stream.

use crate::{Error, Result, pieces::in_pieces};

/// How many bytes `count` elements of `bits` bits take: `ceil(count * bits / 8)`. None if that overflows.
pub fn packed_len(count: usize, bits: u32) -> Option<usize> {
    usize::try_from((count as u128 * u128::from(bits)).div_ceil(8)).ok()
}

/// The low `bits` (0 to 64) of every element, one after the other, least significant first; unused bits of the last
/// byte are zero. Widths of whole bytes are fast.
///
/// # Panics
/// When `bits` exceeds 64.
pub fn pack(values: &[u64], bits: u32) -> Vec<u8> {
    let bytes = packed_len(values.len(), bits).expect("packed elements are shorter than elements");
    let mut out = Vec::with_capacity(bytes.next_multiple_of(8));
    pack_onto(&mut out, values, bits);
    out
}

/// As [`pack`], behind bytes that are there already.
///
/// # Panics
/// When `bits` exceeds 64.
pub fn pack_onto(out: &mut Vec<u8>, values: &[u64], bits: u32) {
    assert!(bits <= 64, "elements have at most 64 bits");
    match bits {
        0 => {}
        8 => pack_bytes::<1>(out, values),
        16 => pack_bytes::<2>(out, values),
        24 => pack_bytes::<3>(out, values),
        32 => pack_bytes::<4>(out, values),
        40 => pack_bytes::<5>(out, values),
        48 => pack_bytes::<6>(out, values),
        56 => pack_bytes::<7>(out, values),
        64 => pack_bytes::<8>(out, values),
        _ => pack_bits(out, values, bits),
    }
}

/// The inverse of [`pack`]: `count` elements of `bits` bits.
///
/// # Errors
/// As [`check_packed`].
pub fn unpack(bytes: &[u8], bits: u32, count: usize) -> Result<Vec<u64>> {
    check_packed(bytes, bits, count)?;
    Ok(in_pieces(count, |start, piece| {
        // A whole number of bytes: pieces start at multiples of 8 elements.
        unpack_into(&bytes[start / 8 * bits as usize..], bits, piece);
    }))
}

/// Whether `bytes` are `count` packed elements of `bits` bits.
///
/// # Errors
/// [`Error::Parameter`] when `bits` exceeds 64, [`Error::Packed`] unless there are exactly `ceil(count * bits / 8)`
/// bytes, [`Error::Padding`] when unused bits of the last byte are set.
pub fn check_packed(bytes: &[u8], bits: u32, count: usize) -> Result<()> {
    if bits > 64 {
        return Err(Error::Parameter {
            op: "unpack",
            shape: vec![count],
            reason: "elements have at most 64 bits",
            value: i128::from(bits),
        });
    }
    let expected = packed_len(count, bits).unwrap_or(usize::MAX);
    if bytes.len() != expected {
        return Err(Error::Packed { op: "unpack", unit: "bytes", expected, actual: bytes.len() });
    }
    let used = count % 8 * bits as usize % 8;
    if bytes.last().is_some_and(|last| used > 0 && last >> used != 0) {
        return Err(Error::Padding { op: "unpack" });
    }
    Ok(())
}

/// Fills `out` with packed elements of `bits` bits, the first of which starts with `bytes`; these may go on behind the
/// last.
///
/// # Panics
/// When there are too few bytes, or `bits` exceeds 64.
pub fn unpack_into(bytes: &[u8], bits: u32, out: &mut [u64]) {
    assert!(bits <= 64, "elements have at most 64 bits");
    match bits {
        0 => out.fill(0),
        8 => unpack_bytes::<1>(bytes, out),
        16 => unpack_bytes::<2>(bytes, out),
        24 => unpack_bytes::<3>(bytes, out),
        32 => unpack_bytes::<4>(bytes, out),
        40 => unpack_bytes::<5>(bytes, out),
        48 => unpack_bytes::<6>(bytes, out),
        56 => unpack_bytes::<7>(bytes, out),
        64 => unpack_bytes::<8>(bytes, out),
        _ => unpack_bits(bytes, bits, out),
    }
}

fn pack_bytes<const BYTES: usize>(out: &mut Vec<u8>, values: &[u64]) {
    let start = out.len();
    out.resize(start + values.len() * BYTES, 0);
    for (bytes, value) in out[start..].as_chunks_mut::<BYTES>().0.iter_mut().zip(values) {
        bytes.copy_from_slice(&value.to_le_bytes()[..BYTES]);
    }
}

fn unpack_bytes<const BYTES: usize>(bytes: &[u8], out: &mut [u64]) {
    let elements = &bytes.as_chunks::<BYTES>().0[..out.len()];
    for (out, bytes) in out.iter_mut().zip(elements) {
        let mut wide = [0; 8];
        wide[..BYTES].copy_from_slice(bytes);
        *out = u64::from_le_bytes(wide);
    }
}

fn pack_bits(out: &mut Vec<u8>, values: &[u64], bits: u32) {
    let total = packed_len(values.len(), bits).expect("packed elements are shorter than elements");
    let end = out.len() + total;
    let mask = (1_u64 << bits) - 1;
    let (mut word, mut filled) = (0_u64, 0);
    for value in values {
        let value = value & mask;
        word |= value << filled;
        filled += bits;
        if filled >= 64 {
            out.extend_from_slice(&word.to_le_bytes());
            filled -= 64;
            // What did not fit; bits is below 64 here, so the shift is, too.
            word = value >> (bits - filled);
        }
    }
    out.extend_from_slice(&word.to_le_bytes());
    out.truncate(end);
}

fn unpack_bits(bytes: &[u8], bits: u32, out: &mut [u64]) {
    let width = bits as usize;
    let mask = (1_u64 << bits) - 1;
    // An element and the bits before it in its first byte lie within 8 bytes, if it has 57 bits at most.
    let whole = match bytes.len().checked_sub(8) {
        Some(last) if bits <= 57 => ((last * 8 + 7) / width + 1).min(out.len()),
        _ => 0,
    };
    let (first, rest) = out.split_at_mut(whole);
    for (i, element) in first.iter_mut().enumerate() {
        let (byte, bit) = (i * width / 8, i * width % 8);
        let word = bytes[byte..].first_chunk().expect("eight bytes");
        *element = u64::from_le_bytes(*word) >> bit & mask;
    }
    for (i, element) in (whole..).zip(rest) {
        let (byte, bit) = (i * width / 8, i * width % 8);
        let mut wide = [0; 16];
        let there = bytes.len().min(byte + 16) - byte;
        wide[..there].copy_from_slice(&bytes[byte..byte + there]);
        #[expect(clippy::cast_possible_truncation, reason = "the low bits of an element")]
        let low = (u128::from_le_bytes(wide) >> bit) as u64 & mask;
        *element = low;
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn streams_are_little_endian() {
        assert_eq!(pack(&[0x0102_0304_0506], 48), [6, 5, 4, 3, 2, 1]);
        assert_eq!(pack(&[1, 2, 3], 2), [0b11_10_01]);
        assert_eq!(pack(&[0x1ff, 0], 9), [0xff, 0x01, 0]);
        assert_eq!(pack(&[7; 5], 0), []);
    }

    #[test]
    fn wrong_lengths_and_padding_are_refused() {
        assert_eq!(unpack(&[0; 3], 9, 2).map(|values| values.len()), Ok(2));
        assert!(matches!(unpack(&[0; 2], 9, 2), Err(Error::Packed { expected: 3, actual: 2, .. })));
        assert!(unpack(&[0; 4], 9, 2).is_err());
        assert_eq!(unpack(&[0, 0, 0b100], 9, 2), Err(Error::Padding { op: "unpack" }));
        assert_eq!(unpack(&[0b1000], 3, 1), Err(Error::Padding { op: "unpack" }));
        assert!(unpack(&[], 65, 0).is_err());
        assert!(unpack(&[], 64, usize::MAX).is_err());
    }

    proptest! {
        #[test]
        fn unpack_inverts_pack(values in vec(any::<u64>(), 0..200), bits in 0_u32..=64) {
            let bytes = pack(&values, bits);
            prop_assert_eq!(Some(bytes.len()), packed_len(values.len(), bits));
            for (index, value) in values.iter().enumerate() {
                for bit in 0..bits {
                    let at = index * bits as usize + bit as usize;
                    prop_assert_eq!(bytes[at / 8] >> (at % 8) & 1, (value >> bit & 1) as u8);
                }
            }
            let mask = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
            let masked: Vec<u64> = values.iter().map(|value| value & mask).collect();
            prop_assert_eq!(unpack(&bytes, bits, values.len()), Ok(masked));
        }
    }
}
