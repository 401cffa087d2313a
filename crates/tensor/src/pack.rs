//! Elements of any width as a dense little-endian bit stream.

use crate::{Error, Result};

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
    assert!(bits <= 64, "elements have at most 64 bits");
    match bits {
        0 => Vec::new(),
        8 => pack_bytes::<1>(values),
        16 => pack_bytes::<2>(values),
        24 => pack_bytes::<3>(values),
        32 => pack_bytes::<4>(values),
        40 => pack_bytes::<5>(values),
        48 => pack_bytes::<6>(values),
        56 => pack_bytes::<7>(values),
        64 => pack_bytes::<8>(values),
        _ => pack_bits(values, bits),
    }
}

/// The inverse of [`pack`]: `count` elements of `bits` bits.
///
/// # Errors
/// [`Error::Parameter`] when `bits` exceeds 64, [`Error::Packed`] unless there are exactly `ceil(count * bits / 8)`
/// bytes, [`Error::Padding`] when unused bits of the last byte are set.
pub fn unpack(bytes: &[u8], bits: u32, count: usize) -> Result<Vec<u64>> {
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
    match bits {
        0 => Ok(vec![0; count]),
        8 => Ok(unpack_bytes::<1>(bytes)),
        16 => Ok(unpack_bytes::<2>(bytes)),
        24 => Ok(unpack_bytes::<3>(bytes)),
        32 => Ok(unpack_bytes::<4>(bytes)),
        40 => Ok(unpack_bytes::<5>(bytes)),
        48 => Ok(unpack_bytes::<6>(bytes)),
        56 => Ok(unpack_bytes::<7>(bytes)),
        64 => Ok(unpack_bytes::<8>(bytes)),
        _ => unpack_bits(bytes, bits, count),
    }
}

fn pack_bytes<const BYTES: usize>(values: &[u64]) -> Vec<u8> {
    let mut out = vec![0; values.len() * BYTES];
    for (bytes, value) in out.as_chunks_mut::<BYTES>().0.iter_mut().zip(values) {
        bytes.copy_from_slice(&value.to_le_bytes()[..BYTES]);
    }
    out
}

fn unpack_bytes<const BYTES: usize>(bytes: &[u8]) -> Vec<u64> {
    let widen = |bytes: &[u8; BYTES]| {
        let mut wide = [0; 8];
        wide[..BYTES].copy_from_slice(bytes);
        u64::from_le_bytes(wide)
    };
    bytes.as_chunks::<BYTES>().0.iter().map(widen).collect()
}

fn pack_bits(values: &[u64], bits: u32) -> Vec<u8> {
    let total = packed_len(values.len(), bits).expect("packed elements are shorter than elements");
    let mut out = Vec::with_capacity(total.next_multiple_of(8));
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
    out.truncate(total);
    out
}

fn unpack_bits(bytes: &[u8], bits: u32, count: usize) -> Result<Vec<u64>> {
    let width = bits as usize;
    let used = count * width % 8;
    if bytes.last().is_some_and(|last| used > 0 && last >> used != 0) {
        return Err(Error::Padding { op: "unpack" });
    }
    let mask = (1_u64 << bits) - 1;
    // An element and the bits before it in its first byte lie within 8 bytes, if it has 57 bits at most.
    let whole = match bytes.len().checked_sub(8) {
        Some(last) if bits <= 57 => ((last * 8 + 7) / width + 1).min(count),
        _ => 0,
    };
    let mut out = Vec::with_capacity(count);
    out.extend((0..whole).map(|i| {
        let (byte, bit) = (i * width / 8, i * width % 8);
        let word = bytes[byte..].first_chunk().expect("eight bytes");
        u64::from_le_bytes(*word) >> bit & mask
    }));
    out.extend((whole..count).map(|i| {
        let (byte, bit) = (i * width / 8, i * width % 8);
        let mut wide = [0; 16];
        let there = bytes.len().min(byte + 16) - byte;
        wide[..there].copy_from_slice(&bytes[byte..byte + there]);
        #[expect(clippy::cast_possible_truncation, reason = "the low bits of an element")]
        let element = (u128::from_le_bytes(wide) >> bit) as u64 & mask;
        element
    }));
    Ok(out)
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
