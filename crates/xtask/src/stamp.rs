//! Stamps: a step is up to date while what it reads and what it wrote are the same as after its last run.
//!
//! A stamp is a hash over the contents of both, kept in the target folder. Because it covers the outputs too,
//! two target folders on one working tree, or an output changed by hand, lead to one more run, never to a stale result.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result};

use crate::project::Project;

/// What a step reads and writes.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    salt: String,
    inputs: Vec<PathBuf>,
    outputs: Vec<PathBuf>,
}

impl Stamp {
    /// The stamp of the step with this name; the salt holds what is no file, such as a tool's version.
    pub(crate) fn new(project: &Project, name: &str, salt: &str) -> Self {
        let file = project.target().join("xtask").join(name.replace('/', "-"));
        Self { file, salt: salt.to_owned(), inputs: Vec::new(), outputs: Vec::new() }
    }

    /// Files or folders that the step reads.
    pub(crate) fn reads(mut self, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        self.inputs.extend(paths);
        self
    }

    /// Files or folders that the step writes.
    pub(crate) fn writes(mut self, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        self.outputs.extend(paths);
        self
    }

    /// Does the work unless everything is as it was after the last time.
    pub(crate) fn unless_fresh(&self, work: impl FnOnce() -> Result<()>) -> Result<()> {
        if self.is_fresh()? {
            println!("   up to date");
            return Ok(());
        }
        work()?;
        self.write()
    }

    fn is_fresh(&self) -> Result<bool> {
        let present = self.outputs.iter().all(|path| path.exists());
        let Ok(last) = fs::read_to_string(&self.file) else { return Ok(false) };
        Ok(present && last == self.fingerprint()?)
    }

    fn write(&self) -> Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fs::write(&self.file, self.fingerprint()?)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }

    fn fingerprint(&self) -> Result<String> {
        let mut hasher = DefaultHasher::new();
        self.salt.hash(&mut hasher);
        for path in self.inputs.iter().chain(&self.outputs) {
            hash_tree(path, &mut hasher)
                .with_context(|| format!("cannot read {}", path.display()))?;
        }
        Ok(format!("{:016x}", hasher.finish()))
    }
}

/// Hashes a file, or a folder in the order of its names; a missing path counts as such.
fn hash_tree(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    path.file_name().hash(hasher);
    if path.is_file() {
        fs::read(path)?.hash(hasher);
    } else if path.is_dir() {
        let mut inside = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()?;
        inside.sort();
        for child in inside.iter().filter(|child| !is_skipped(child)) {
            hash_tree(child, hasher)?;
        }
    }
    Ok(())
}

/// Folders below an input that are never an input themselves.
fn is_skipped(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    SKIPPED.iter().any(|skipped| name == *skipped)
}

const SKIPPED: [&str; 3] = ["node_modules", "dist", ".vite"];

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn runs_again_only_after_a_change() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        let (input, output) = (folder.join("src"), folder.join("out"));
        fs::create_dir_all(&input).unwrap();
        fs::write(input.join("a"), "1").unwrap();
        let runs = Cell::new(0);
        let step = |salt: &str| {
            let stamp = Stamp {
                file: folder.join("stamp"),
                salt: salt.to_owned(),
                inputs: vec![input.clone()],
                outputs: vec![output.clone()],
            };
            let work = || {
                runs.set(runs.get() + 1);
                Ok(fs::write(&output, "made")?)
            };
            stamp.unless_fresh(work).unwrap();
            runs.get()
        };
        assert_eq!(step("v1"), 1);
        assert_eq!(step("v1"), 1, "nothing changed");
        assert_eq!(step("v2"), 2, "the salt changed");
        fs::write(input.join("a"), "2").unwrap();
        assert_eq!(step("v2"), 3, "an input changed");
        fs::write(&output, "by hand").unwrap();
        assert_eq!(step("v2"), 4, "an output changed");
        fs::remove_file(&output).unwrap();
        assert_eq!(step("v2"), 5, "an output is gone");
        fs::create_dir(input.join("node_modules")).unwrap();
        fs::write(input.join("node_modules/b"), "x").unwrap();
        assert_eq!(step("v2"), 5, "skipped folders do not count");
        fs::remove_dir_all(folder).unwrap();
    }
}
