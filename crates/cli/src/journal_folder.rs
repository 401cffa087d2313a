//! What a party keeps of a room in a folder, so that it can go on after its process has ended.

use std::path::{Path, PathBuf};

use cryptab_net::JoinOptions;

use crate::failure::Failure;
use crate::state;

/// Lets the party keep its journal of the room in this folder, and go on with what is there.
pub(crate) fn keep(options: &mut JoinOptions, folder: &Path) -> Result<(), Failure> {
    state::make_folder(folder).map_err(|error| Failure::file(folder, error))?;
    options.journal = Some(journal(folder, &options.join.invite.room));
    Ok(())
}

/// The file of the key that a party has who names none but this folder.
pub(crate) fn key(folder: &Path) -> PathBuf {
    folder.join("identity.key")
}

/// The room's name may let others in, so the file is named by a hash of it.
fn journal(folder: &Path, room: &[u8; 16]) -> PathBuf {
    let hash = blake3::derive_key("cryptab v1 file of a journal", room);
    let name: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    folder.join(format!("{name}.journal"))
}
