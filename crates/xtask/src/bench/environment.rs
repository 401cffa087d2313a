use std::path::{Path, PathBuf};
use std::{env, fs, process};

use anyhow::{Context as _, Result};

use crate::command::Command;

/// A Python of its own, with packages of its own.
#[derive(Debug)]
pub(crate) struct Environment {
    folder: PathBuf,
    /// Whether the folder goes when this goes.
    temporary: bool,
}

impl Environment {
    /// An environment that has CrypTen: the one in `folder`, made there if there is none, or one in
    /// a temporary folder.
    pub(crate) fn with_crypten(folder: Option<&Path>) -> Result<Self> {
        let environment = match folder {
            Some(folder) => {
                let here = env::current_dir().context("the current folder cannot be read")?;
                Self { folder: here.join(folder), temporary: false }
            }
            None => {
                let name = format!("cryptab-crypten-{}", process::id());
                Self { folder: env::temp_dir().join(name), temporary: true }
            }
        };
        if !environment.has_crypten() {
            environment.install_crypten()?;
        }
        Ok(environment)
    }

    /// Puts a script where [`Self::run_script`] finds it.
    pub(crate) fn keep_script(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.folder.join(name);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }

    /// Runs a script, and gives what it printed.
    pub(crate) fn run_script(&self, script: &Path, arguments: &[String]) -> Result<String> {
        let words = [script.to_string_lossy().into_owned()];
        self.python().args(words.iter().chain(arguments)).read()
    }

    fn has_crypten(&self) -> bool {
        self.python().args(["-m", "pip", "show", "--quiet", "crypten"]).output().is_some()
    }

    fn install_crypten(&self) -> Result<()> {
        Command::new("python3").args(["-m", "venv"]).args([&self.folder]).run_silently()?;
        let pip = |words: &[&str]| {
            self.python().args(["-m", "pip", "install", "--quiet"]).args(words).run_silently()
        };
        let needed = ["torch", "numpy<2"];
        // Without support for graphics cards PyTorch is a tenth of the size, but not everyone may
        // reach the place that has it.
        if pip(&[&["--retries", "0", "--index-url", CPU_TORCH], &needed[..]].concat()).is_err() {
            println!("PyTorch from PyPI instead: 3 GB");
            pip(&needed)?;
        }
        pip(&["pyyaml", "omegaconf"])?;
        // What else it asks for, none of the jobs uses.
        pip(&["--no-deps", "crypten==0.4.1"])
    }

    fn python(&self) -> Command {
        Command::new(&self.folder.join("bin/python").to_string_lossy())
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        if self.temporary {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

const CPU_TORCH: &str = "https://download.pytorch.org/whl/cpu";
