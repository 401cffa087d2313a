//! New rooms.

use std::time::{SystemTime, UNIX_EPOCH};

use cryptab_session::Invite;

use crate::failure::{Failure, Kind};

/// What a new room is for.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub(crate) parties: u8,
    pub(crate) program: String,
    pub(crate) dealer_key: [u8; 32],
    pub(crate) dealer_url: Option<String>,
    /// Seconds from now; negative for a room that has ended.
    pub(crate) expires_in: i64,
}

impl Room {
    /// An invite to a new room, with a name and a secret of its own.
    pub(crate) fn invite(self) -> Result<Invite, Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let invite = Invite {
            version: 1,
            room: random()?,
            secret: random::<16>()?.into(),
            dealer_key: self.dealer_key,
            parties: self.parties,
            program: self.program,
            expires: now.saturating_add_signed(self.expires_in),
            dealer_url: self.dealer_url,
        };
        invite.validated().map_err(|error| Failure::input(error.to_string()))
    }
}

/// The key that a text of 64 hexadecimal digits is.
pub(crate) fn key(text: &str) -> Result<[u8; 32], String> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok())).collect();
    let bytes = digits.map(|digits| digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| 16 * byte + digit)).collect::<Vec<u8>>());
    match bytes.map(<[u8; 32]>::try_from) {
        Some(Ok(key)) if text.len() == 64 => Ok(key),
        _ => Err("a dealer's key has 64 hexadecimal digits".to_owned()),
    }
}

/// The hexadecimal digits of a key.
pub(crate) fn hex(key: &[u8; 32]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|_| Failure::new(Kind::Bug, "the operating system's random generator failed"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{hex, key};

    #[test]
    fn keys_are_written_in_hexadecimal() {
        let bytes = std::array::from_fn(|i| u8::try_from(7 * i).unwrap());
        assert_eq!(key(&hex(&bytes)), Ok(bytes));
        assert!(key(&hex(&bytes)[1..]).is_err());
        assert!(key(&"g".repeat(64)).is_err());
        assert!(key("").is_err());
    }
}
