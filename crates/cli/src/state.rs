//! Where a user's state is kept between runs.

use std::env;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The folder of this program's state: in `$XDG_STATE_HOME`, or else in `~/.local/state`.
pub(crate) fn folder() -> Option<PathBuf> {
    let named = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let states = named.or_else(|| Some(env::home_dir()?.join(".local/state")))?;
    Some(states.join("cryptab"))
}

/// Makes a folder, with those above it, which only this user can enter; one that is there stays as it
/// is.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens a file to read and write it, which nobody else may; it is made when it is absent, and so is
/// its folder.
pub(crate) fn open_private(file: &Path) -> io::Result<File> {
    if let Some(folder) = file.parent() {
        make_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Whether others may read or write an open file.
#[cfg(unix)]
pub(crate) fn is_open_to_others(open: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(open.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Whether others may read or write an open file: not told here.
#[cfg(not(unix))]
pub(crate) fn is_open_to_others(_: &File) -> io::Result<bool> {
    Ok(false)
}
