//! Other programs: how they are found, started and judged.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};
use std::{env, fmt, io};

use anyhow::{Context as _, Result, anyhow, bail};

/// A program to run, with what an error needs in order to name it.
#[derive(Debug)]
pub(crate) struct Command {
    program: String,
    arguments: Vec<OsString>,
    folder: Option<PathBuf>,
    path: OsString,
    variables: Vec<(String, OsString)>,
}

impl Command {
    /// A program by its name on `PATH`.
    pub(crate) fn new(program: &str) -> Self {
        Self {
            program: program.to_owned(),
            arguments: Vec::new(),
            folder: None,
            path: env::var_os("PATH").unwrap_or_default(),
            variables: Vec::new(),
        }
    }

    /// Adds arguments.
    pub(crate) fn args<T: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|word| word.as_ref().to_owned()));
        self
    }

    /// Runs in this folder.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Looks for programs in this folder before those of `PATH`.
    pub(crate) fn search_first(mut self, folder: &Path) -> Self {
        let folders = std::iter::once(folder.to_owned()).chain(env::split_paths(&self.path));
        if let Ok(path) = env::join_paths(folders.collect::<Vec<_>>()) {
            self.path = path;
        }
        self
    }

    /// Runs to the end with our own output; anything but success is an error.
    pub(crate) fn run(&self) -> Result<()> {
        let status = self.built()?.status().with_context(|| format!("could not run `{self}`"))?;
        if !status.success() {
            bail!("`{self}` failed ({status})");
        }
        Ok(())
    }

    /// Runs to the end and gives what it printed; its errors are seen. Anything but success is an
    /// error.
    pub(crate) fn read(&self) -> Result<String> {
        let mut command = self.built()?;
        let output = command.stderr(Stdio::inherit()).output();
        let output = output.with_context(|| format!("could not run `{self}`"))?;
        if !output.status.success() {
            bail!("`{self}` failed ({})", output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Runs to the end without a word; the error of anything but success ends with the program's own.
    pub(crate) fn run_silently(&self) -> Result<()> {
        let output = self.built()?.output().with_context(|| format!("could not run `{self}`"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
            bail!("`{self}` failed ({}): {last}", output.status);
        }
        Ok(())
    }

    /// Runs silently and gives what it printed, or `None` when it is missing or fails.
    pub(crate) fn output(&self) -> Option<String> {
        let output = self.built().ok()?.stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Starts without waiting.
    pub(crate) fn start(&self) -> Result<process::Child> {
        self.built()?.spawn().with_context(|| format!("could not start `{self}`"))
    }

    /// Whether the program can be found.
    pub(crate) fn exists(&self) -> bool {
        self.located().is_some()
    }

    fn located(&self) -> Option<PathBuf> {
        if self.program.contains('/') {
            return Path::new(&self.program).is_file().then(|| PathBuf::from(&self.program));
        }
        let name = format!("{}{}", self.program, env::consts::EXE_SUFFIX);
        env::split_paths(&self.path).map(|folder| folder.join(&name)).find(|file| file.is_file())
    }

    fn built(&self) -> Result<process::Command> {
        let program = self.located().ok_or_else(|| {
            anyhow!(io::Error::from(io::ErrorKind::NotFound))
                .context(format!("`{}` is not installed", self.program))
        })?;
        let mut command = process::Command::new(program);
        command.args(&self.arguments).env("PATH", &self.path).stdin(Stdio::null());
        env::vars_os().filter(|(name, _)| is_of_this_program(name)).for_each(|(name, _)| {
            command.env_remove(name);
        });
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        Ok(command)
    }
}

/// What cargo tells this program about itself: build scripts that look at it would run again, and what
/// hangs on them be built again, whenever cargo is called from here after it was called by hand.
fn is_of_this_program(variable: &OsStr) -> bool {
    let name = variable.to_string_lossy();
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.starts_with(start))
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.program)?;
        self.arguments.iter().try_for_each(|word| write!(f, " {}", word.to_string_lossy()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_not_told_what_this_program_is() {
        assert!(
            ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"].iter().all(|n| is_of_this_program(n.as_ref()))
        );
        assert!(
            ["CARGO_TARGET_DIR", "CARGO_HOME", "PATH"]
                .iter()
                .all(|n| !is_of_this_program(n.as_ref()))
        );
    }

    #[test]
    fn an_error_names_the_command() {
        let error = Command::new("false").args(["a", "b"]).run().unwrap_err().to_string();
        assert!(error.starts_with("`false a b` failed"), "{error}");
        let error = Command::new("no-such-program").run().unwrap_err().to_string();
        assert_eq!(error, "`no-such-program` is not installed");
    }

    #[test]
    fn an_error_has_the_programs_last_words() {
        let failing = Command::new("sh").args(["-c", "echo first >&2; echo why >&2; exit 3"]);
        let error = failing.run_silently().unwrap_err().to_string();
        assert!(error.ends_with("failed (exit status: 3): why"), "{error}");
        Command::new("true").run_silently().unwrap();
    }

    #[test]
    fn output_is_none_on_failure() {
        assert_eq!(Command::new("echo").args(["hello"]).output().as_deref(), Some("hello"));
        assert_eq!(Command::new("false").output(), None);
        assert_eq!(Command::new("echo").args(["hello"]).read().unwrap(), "hello");
        assert!(Command::new("false").read().is_err());
        assert!(!Command::new("no-such-program").exists());
    }
}
