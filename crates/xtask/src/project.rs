//! Where things are: the repository's root, the target folder, our own tools in it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

use crate::command::Command;

/// The repository and its target folder.
#[derive(Debug)]
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// Finds the repository from where cargo started us.
    pub(crate) fn find() -> Result<Self> {
        let here = env::current_dir().context("the current folder cannot be read")?;
        let start = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| here.clone(), PathBuf::from);
        let Some(root) = start.ancestors().find(|folder| is_workspace(folder)) else {
            bail!("no workspace above {}: run `cargo xtask` in the repository", start.display());
        };
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => here.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root: root.to_owned(), target })
    }

    /// A path given from the repository's root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Where the tools go that are installed for this project alone.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The release build of the program `cryptab`.
    pub(crate) fn binary(&self) -> PathBuf {
        self.target.join("release").join(format!("cryptab{}", env::consts::EXE_SUFFIX))
    }

    /// A command that runs in the root, with our tools first on `PATH`.
    pub(crate) fn command(&self, program: &str) -> Command {
        Command::new(program)
            .folder(&self.root)
            .search_first(&self.tools().join("bin"))
            .env("CARGO_TARGET_DIR", &self.target)
    }

    /// The version that the lock file holds for a package.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let lock = fs::read_to_string(self.path("Cargo.lock")).context("Cargo.lock is missing")?;
        version_in(&lock, package).with_context(|| format!("no package `{package}` in Cargo.lock"))
    }
}

fn is_workspace(folder: &Path) -> bool {
    fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| text.contains("[workspace]"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_version_from_the_lock() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "a").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "c"), None);
    }
}
