//! Who brings what.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a party brings to the room's program.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Brings the photo, and alone receives the result.
    Photo,
    /// Brings the secret adjustments.
    Adjust,
    /// Brings nothing but its shares.
    Help,
}

/// A word that names no role.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a role is one of `photo`, `adjust` and `help`")]
pub struct UnknownRole;

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Adjust => "adjust",
            Self::Help => "help",
        }
    }

    /// One byte of its own, for hashing.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Photo => 0,
            Self::Adjust => 1,
            Self::Help => 2,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        [Self::Photo, Self::Adjust, Self::Help]
            .into_iter()
            .find(|role| role.name() == word)
            .ok_or(UnknownRole)
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, UnknownRole};

    #[test]
    fn a_role_has_one_word_everywhere() {
        for role in [Role::Photo, Role::Adjust, Role::Help] {
            assert_eq!(role.to_string().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
        assert_eq!("Photo".parse::<Role>(), Err(UnknownRole));
    }
}
