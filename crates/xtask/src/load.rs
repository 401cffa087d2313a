//! `cargo xtask load`: load on a relay, from one machine's clients.

use std::path::PathBuf;

use anyhow::Result;

use crate::project::Project;
use crate::step::Steps;

/// How much load, and where the figures go.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Load {
    /// Less of everything, to see whether it works.
    pub(crate) quick: bool,
    /// One of the tests; all if none.
    pub(crate) only: Option<String>,
    /// The file for the figures as JSON.
    pub(crate) json: Option<PathBuf>,
}

/// Builds the relay and the clients, lets the clients loose, and fails when the relay does not keep
/// its promises (a slow machine is no failure).
pub(crate) fn run(project: &Project, load: &Load) -> Result<()> {
    let mut steps = Steps::default();
    // In one go: apart, they would be built with different features of their dependencies.
    steps.run("program cryptab and its clients", || {
        let build = ["build", "--release", "--bins", "--example", "load"];
        let packages = ["--package", "cryptab-cli", "--package", "cryptab-relay"];
        project.command("cargo").args(build).args(packages).run()
    })?;
    let clients = project.target().join("release/examples/load");
    let mut command =
        project.command(&clients.to_string_lossy()).args([project.binary().as_os_str()]);
    if load.quick {
        command = command.args(["--quick"]);
    }
    if let Some(only) = &load.only {
        command = command.args(["--only", only]);
    }
    if let Some(json) = &load.json {
        let here = std::env::current_dir()?;
        command = command.args(["--json".as_ref(), here.join(json).as_os_str()]);
    }
    command.run()
}
