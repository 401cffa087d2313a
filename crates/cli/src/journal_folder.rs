//! What a party keeps of a room in a folder, so that it can go on after its process has ended.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use cryptab_net::JoinOptions;
use cryptab_session::Identity;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Lets the party keep its key and its journal of the room in this folder, and go on with what is there.
pub(crate) fn keep(options: &mut JoinOptions, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
    let room: String = options.join.invite.room.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = folder.join(format!("{room}.key"));
    options.join.identity = identity(&key).map_err(|error| Failure::file(&key, error))?;
    options.journal = Some(folder.join(format!("{room}.journal")));
    Ok(())
}

/// The key in this file; a new one if there is no file.
fn identity(file: &Path) -> io::Result<Identity> {
    match std::fs::read(file).map(Zeroizing::new) {
        Ok(bytes) => {
            let secret = <&[u8; 32]>::try_from(bytes.as_slice());
            secret.map(Identity::from_secret).map_err(|_| io::Error::other("is no key of 32 bytes"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let identity = Identity::generate().map_err(io::Error::other)?;
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut open = options.open(file)?;
            open.write_all(identity.secret())?;
            open.sync_all()?;
            Ok(identity)
        }
        Err(error) => Err(error),
    }
}
