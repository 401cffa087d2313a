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
    let wrong = || "a dealer's key has 64 hexadecimal digits".to_owned();
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut key = [0; 32];
    for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong())?;
    }
    Ok(key)
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
