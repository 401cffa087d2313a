//! Running `cryptab`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use image::RgbImage;
use serde_json::Value;

/// A folder of its own for a test, removed at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("cryptab-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// A colourful picture in a file.
    pub(crate) fn picture(&self, name: &str, width: u32, height: u32) -> (String, RgbImage) {
        let pixel = |x: u32, y: u32| {
            image::Rgb([x * 7, y * 5, x * y].map(|level| u8::try_from(level % 256).unwrap()))
        };
        let image = RgbImage::from_fn(width, height, pixel);
        let file = self.file(name);
        image.save(&file).unwrap();
        (file, image)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cryptab"));
    command.args(arguments).env_remove("CRYPTAB_LOG");
    // Whoever runs the tests keeps the state as it is: there is no place for any.
    command.env("XDG_STATE_HOME", "/dev/null/state");
    command
}

pub(crate) fn cryptab(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// The exit code and what was said of the fault.
pub(crate) fn fault(arguments: &[&str]) -> (i32, String) {
    let output = cryptab(arguments);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// The objects on standard output.
pub(crate) fn objects(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A program in the background, stopped when dropped.
pub(crate) struct Background(pub(crate) Child);

impl Background {
    /// Starts a service with `--json` and waits for the line that says where it is.
    pub(crate) fn serve(arguments: &[&str]) -> (Self, Value) {
        let mut command = command(arguments);
        command.arg("--json");
        Self::start(command)
    }

    /// The same for a command that has `--json` already.
    pub(crate) fn start(mut command: Command) -> (Self, Value) {
        use std::io::{BufRead as _, BufReader};
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        (Self(child), serde_json::from_str(&line).unwrap())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn read(file: impl AsRef<Path>) -> RgbImage {
    image::open(file).unwrap().to_rgb8()
}
