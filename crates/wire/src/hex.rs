//! Bytes as hexadecimal digits, where people and files see them.

/// Two small digits for each byte.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// The `N` bytes that `text` stands for, in digits of either case; nothing when it has other characters, or
/// another length.
#[must_use]
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    char::from(character).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn every_byte_has_two_digits_and_they_are_read_in_either_case() {
        let all: [u8; 256] = std::array::from_fn(|byte| u8::try_from(byte).unwrap());
        let text = encode(&all);
        assert_eq!((&text[18..24], &text[506..]), ("090a0b", "fdfeff"));
        assert_eq!(decode(&text), Some(all));
        assert_eq!(decode(&text.to_uppercase()), Some(all));
        assert_eq!((encode(&[]), decode("")), (String::new(), Some([])));
    }

    #[test]
    fn what_are_not_so_many_digits_is_nothing() {
        for text in ["", "0", "0a0", "0a0b0", "0a0b0c", "0a0g", "+a0b", "0x0b", " 0a0", "éé"] {
            assert_eq!(decode::<2>(text), None, "{text}");
        }
    }
}
