//! `cargo xtask bench`: the jobs of `cryptab bench`, done by another system on the same machine too.

mod aims;
mod environment;
mod table;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::project::Project;
use crate::site;
use crate::step::Steps;
use environment::Environment;
use table::table;

/// What is compared.
#[derive(Debug, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) peer: Peer,
    pub(crate) parties: u8,
    /// Names of jobs, separated by commas; all if none.
    pub(crate) only: Option<String>,
    /// Where the peer is installed, or will be and stays; a temporary folder if none.
    pub(crate) environment: Option<PathBuf>,
}

/// The other system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Peer {
    /// CrypTen 0.4.1, from PyPI.
    Crypten,
}

/// Installs the peer, lets it and `cryptab` do the jobs one after the other, prints both times.
pub(crate) fn run(project: &Project, comparison: &Comparison) -> Result<()> {
    let Comparison { peer: Peer::Crypten, parties, only, environment } = comparison;
    let mut steps = Steps::default();
    let environment = steps.run("CrypTen", || {
        Environment::with_crypten(environment.as_deref())
            .context("CrypTen cannot be installed here")
    })?;
    steps.run("program cryptab", || site::build_program(project))?;
    let theirs = steps.run("jobs of CrypTen", || {
        let mut arguments = vec![parties.to_string()];
        arguments.extend(only.clone());
        rows(&environment.run_script("jobs.py", CRYPTEN, &arguments)?)
    })?;
    let ours = steps.run("jobs of CrypTab", || {
        let parties = parties.to_string();
        let mut arguments = vec!["bench", "--json", "--parties", &parties];
        arguments.extend(only.iter().flat_map(|names| ["--only", names]));
        rows(&project.command(&project.binary().to_string_lossy()).args(arguments).read()?)
    })?;
    print!("{}", table(&ours, &theirs, *parties));
    Ok(())
}

/// The last line printed: a JSON array.
fn rows(printed: &str) -> Result<Vec<Value>> {
    let last = printed.lines().last().unwrap_or_default();
    let wrong = || format!("`{last}` is no JSON array");
    serde_json::from_str(last).with_context(wrong)
}

const CRYPTEN: &str = include_str!("bench/crypten.py");
