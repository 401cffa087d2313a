//! `cargo xtask <command>`: the project's own commands.
//!
//! Each command starts from a machine with Rust, Node and Debian's package manager, installs what is
//! missing, says what it does and how long it took, and skips what is already up to date.

mod args;
mod bench;
mod checks;
mod command;
mod demo;
mod fuzz;
mod load;
mod packages;
mod project;
mod site;
mod stamp;
mod step;
mod test;
mod tools;
mod turn;

use std::process::ExitCode;

use anyhow::Result;

use crate::args::Request;
use crate::project::Project;
use crate::step::Steps;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let request = args::parse(std::env::args().skip(1))?;
    if let Request::Help = request {
        println!("{}", args::HELP);
        return Ok(ExitCode::SUCCESS);
    }
    let project = Project::find()?;
    match request {
        Request::Help => {}
        Request::Setup => set_up(&project)?,
        Request::Build => build(&project)?,
        Request::Demo { port } => demo::run(&project, port)?,
        Request::Bench(comparison) => bench::run(&project, &comparison)?,
        Request::Load(load) => load::run(&project, &load)?,
        Request::Fuzz(fuzzing) => fuzz::run(&project, &fuzzing)?,
        Request::Test { only } => return Ok(test::run(&project, only)),
    }
    Ok(ExitCode::SUCCESS)
}

fn set_up(project: &Project) -> Result<()> {
    let mut steps = Steps::default();
    site::set_up(&mut steps, project)?;
    steps.run("rustfmt and clippy", || tools::rust_components(project))?;
    steps.run("Chromium and its driver", || tools::chromium(project).map(drop))?;
    steps.run("npm packages of tests/browser", || packages::install(project, "tests/browser"))?;
    print!("{}", steps.table());
    Ok(())
}

fn build(project: &Project) -> Result<()> {
    let mut steps = Steps::default();
    site::build(&mut steps, project)?;
    print!("{}", steps.table());
    Ok(())
}
