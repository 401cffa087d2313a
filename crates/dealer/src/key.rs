//! The dealer's key, and the file it is kept in.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use cryptab_link::{Identity, PublicKey};
use thiserror::Error;
use zeroize::Zeroizing;

/// The dealer's static X25519 key. Everything a dealer is derives from it: whoever has it is the
/// dealer, and can compute all seeds it ever gave.
#[derive(Clone)]
pub struct DealerKey(Identity);

impl DealerKey {
    /// A new key from the operating system's generator.
    ///
    /// # Errors
    /// [`KeyError::Randomness`] when the generator fails.
    pub fn generate() -> Result<Self, KeyError> {
        Identity::generate().map(Self).map_err(KeyError::Randomness)
    }

    /// The key with this secret.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(Identity::from_secret(secret))
    }

    /// The key in `file` (32 bytes, readable by its owner alone), which is made when it is absent.
    ///
    /// # Errors
    /// [`KeyError`] when the file cannot be read or written, is no key, or others may read it.
    pub fn load_or_create(file: &Path) -> Result<Self, KeyError> {
        match File::open(file) {
            Ok(open) => Self::read(open, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = Self::generate()?;
                key.store(file).map_err(|source| KeyError::File { file: file.into(), source })?;
                Ok(key)
            }
            Err(source) => Err(KeyError::File { file: file.into(), source }),
        }
    }

    /// The public half, for invites.
    #[must_use]
    pub const fn public(&self) -> PublicKey {
        self.0.public()
    }

    pub(crate) const fn identity(&self) -> &Identity {
        &self.0
    }

    /// The key that seeds are derived from.
    pub(crate) fn master(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(blake3::derive_key("cryptab v1 dealer: master of seeds", self.0.secret()))
    }

    fn read(open: File, file: &Path) -> Result<Self, KeyError> {
        let unreadable = |source| KeyError::File { file: file.into(), source };
        if is_open_to_others(&open).map_err(unreadable)? {
            return Err(KeyError::Exposed { file: file.into() });
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH + 1));
        open.take(LENGTH as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        let secret = <&[u8; LENGTH]>::try_from(bytes.as_slice());
        secret.map(Self::from_secret).map_err(|_| KeyError::NotAKey { file: file.into() })
    }

    /// Never overwrites, and is never readable by others, not even for a moment.
    fn store(&self, file: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut open = options.open(file)?;
        open.write_all(self.0.secret())?;
        open.sync_all()
    }
}

impl fmt::Debug for DealerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("DealerKey").field(&self.public()).finish()
    }
}

/// Why there is no key.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key file {}: {source}", file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} is not a dealer's key: it must hold 32 bytes", file.display())]
    NotAKey {
        /// Which file.
        file: PathBuf,
    },
    /// The file can be read by others.
    #[error("the key file {} can be read by others: make it private with `chmod 600`", file.display())]
    Exposed {
        /// Which file.
        file: PathBuf,
    },
    /// The operating system's random generator failed.
    #[error("no key could be made")]
    Randomness(#[source] cryptab_link::Error),
}

#[cfg(unix)]
fn is_open_to_others(open: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(open.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &File) -> io::Result<bool> {
    Ok(false)
}

const LENGTH: usize = 32;

#[cfg(test)]
mod tests {
    use super::{DealerKey, KeyError};

    fn folder(name: &str) -> std::path::PathBuf {
        let folder =
            std::env::temp_dir().join(format!("cryptab-key-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_key_file_is_made_once_and_private() {
        let folder = folder("made");
        let file = folder.join("key");
        let made = DealerKey::load_or_create(&file).unwrap();
        let read = DealerKey::load_or_create(&file).unwrap();
        assert_eq!(made.public(), read.public());
        assert_eq!(std::fs::read(&file).unwrap().len(), 32);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
            let error = DealerKey::load_or_create(&file).unwrap_err();
            assert!(matches!(error, KeyError::Exposed { .. }), "{error}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_of_another_length_is_no_key() {
        let folder = folder("length");
        let file = folder.join("key");
        let _ = DealerKey::load_or_create(&file).unwrap();
        for length in [0, 31, 33] {
            std::fs::write(&file, vec![1; length]).unwrap();
            let error = DealerKey::load_or_create(&file).unwrap_err();
            assert!(matches!(error, KeyError::NotAKey { .. }), "{error}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn debug_hides_the_secret() {
        let shown = format!("{:?}", DealerKey::from_secret(&[0xab; 32]));
        assert!(!shown.contains("171") && !shown.contains("abab"), "{shown}");
    }

    #[test]
    fn the_master_is_not_the_key() {
        let key = DealerKey::from_secret(&[3; 32]);
        assert_ne!(*key.master(), [3; 32]);
        assert_ne!(*key.master(), *DealerKey::from_secret(&[4; 32]).master());
    }
}
