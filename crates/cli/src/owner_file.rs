//! The file in which a room's owner keeps the key to it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use cryptab_session::Owner;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::state::is_open_to_others;

/// Writes the secret key of a new owner to `file`: it must not exist, and only the user who runs this
/// can read it. Two rooms never have the same key.
pub(crate) fn create(file: &Path, owner: &Owner) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(file)
        .and_then(|mut open| open.write_all(&*owner.secret()).and_then(|()| open.sync_all()));
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::file(file, "exists already: each room has an owner's key of its own"))
        }
        Err(error) => Err(Failure::file(file, error)),
    }
}

/// The owner whose secret key is in `file`.
pub(crate) fn read(file: &Path) -> Result<Owner, Failure> {
    let unreadable = |error: io::Error| Failure::file(file, error);
    let open = File::open(file).map_err(unreadable)?;
    if is_open_to_others(&open).map_err(unreadable)? {
        return Err(Failure::file(file, "can be read by others: make it private (chmod 600)"));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH + 1));
    open.take(LENGTH as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let secret = <&[u8; LENGTH]>::try_from(bytes.as_slice());
    let secret = secret.map_err(|_| Failure::file(file, "is no owner's key: it has 32 bytes"))?;
    Ok(Owner::from_secret(secret))
}

const LENGTH: usize = 32;
