//! The key by which others know this user again.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use cryptab_session::Identity;
use zeroize::Zeroizing;

use crate::failure::{Failure, Kind};
use crate::state::{is_open_to_others, open_private};

/// A key, and the lock that keeps other processes of this machine off it.
#[derive(Debug)]
pub(crate) struct KeyFile {
    pub(crate) identity: Identity,
    /// Locked as long as it is open.
    _lock: File,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("another process of this machine uses the key in {}", .0.display())]
    Taken(PathBuf),
    #[error("the key file {}: {source}", file.display())]
    File { file: PathBuf, source: io::Error },
    #[error("{} is not a key: it must hold 32 bytes", .0.display())]
    NotAKey(PathBuf),
    #[error("the key file {} can be read by others: make it private with `chmod 600`", .0.display())]
    Exposed(PathBuf),
    #[error("the operating system's random generator failed")]
    Randomness,
}

impl KeyFile {
    /// The key in `file` (32 bytes, readable by its owner alone), which is made when it is absent.
    pub(crate) fn load_or_create(file: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File { file: file.into(), source };
        let mut open = open_private(file).map_err(failed)?;
        if is_open_to_others(&open).map_err(failed)? {
            return Err(KeyError::Exposed(file.into()));
        }
        match open.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(KeyError::Taken(file.into())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut bytes = Zeroizing::new([0; LENGTH + 1]);
        let mut length = 0;
        while length < bytes.len() {
            match open.read(&mut bytes[length..]).map_err(failed)? {
                0 => break,
                more => length += more,
            }
        }
        let identity = match (length, bytes.first_chunk::<LENGTH>()) {
            (0, _) => {
                let identity = Identity::generate().map_err(|_| KeyError::Randomness)?;
                open.write_all(identity.secret()).and_then(|()| open.sync_all()).map_err(failed)?;
                identity
            }
            (LENGTH, Some(secret)) => Identity::from_secret(secret),
            _ => return Err(KeyError::NotAKey(file.into())),
        };
        Ok(Self { identity, _lock: open })
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let kind = if matches!(error, KeyError::Randomness) { Kind::Bug } else { Kind::Input };
        Self::new(kind, error.to_string())
    }
}

const LENGTH: usize = 32;

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{KeyError, KeyFile};

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let name = format!("cryptab-identity-{}-{name}", std::process::id());
            Self(std::env::temp_dir().join(name))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_key_is_made_once_and_private() {
        let folder = Folder::new("made");
        let file = folder.0.join("deep/identity.key");
        let made = KeyFile::load_or_create(&file).unwrap().identity.public();
        let read = KeyFile::load_or_create(&file).unwrap().identity.public();
        assert_eq!((made, std::fs::read(&file).unwrap().len()), (read, 32));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let permissions = std::fs::metadata(&file).unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, 0o600);
            for mode in [0o640, 0o604, 0o620] {
                let open = std::fs::Permissions::from_mode(mode);
                std::fs::set_permissions(&file, open).unwrap();
                let error = KeyFile::load_or_create(&file).unwrap_err();
                assert!(matches!(error, KeyError::Exposed(_)), "{error}");
            }
        }
    }

    #[test]
    fn one_process_at_a_time_has_the_key() {
        let folder = Folder::new("taken");
        let file = folder.0.join("identity.key");
        let first = KeyFile::load_or_create(&file).unwrap();
        let error = KeyFile::load_or_create(&file).unwrap_err();
        assert!(matches!(error, KeyError::Taken(_)), "{error}");
        drop(first);
        assert!(KeyFile::load_or_create(&file).is_ok());
    }

    #[test]
    fn a_file_of_another_length_is_no_key() {
        let folder = Folder::new("length");
        let file = folder.0.join("identity.key");
        let _ = KeyFile::load_or_create(&file).unwrap();
        for length in [1, 31, 33, 100] {
            std::fs::write(&file, vec![1; length]).unwrap();
            let error = KeyFile::load_or_create(&file).unwrap_err();
            assert!(matches!(error, KeyError::NotAKey(_)), "{error}");
        }
    }
}
