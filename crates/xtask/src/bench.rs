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
use aims::{aim, aim_on_a_line};
use environment::Environment;
use table::table;

/// What is compared.
#[derive(Debug, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) peer: Peer,
    pub(crate) parties: u8,
    /// Names of jobs, separated by commas; all if none.
    pub(crate) only: Option<String>,
    /// What lies between the parties; nothing if none.
    pub(crate) line: Option<Distance>,
    /// Where the peer is installed, or will be and stays; a temporary folder if none.
    pub(crate) environment: Option<PathBuf>,
}

/// A line between any two parties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Distance {
    /// From one to another and back.
    pub(crate) round_trip_ms: u32,
    /// From each.
    pub(crate) mbps: u32,
}

/// The other system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Peer {
    /// CrypTen 0.4.1, from PyPI.
    Crypten,
}

/// Installs the peer, lets it and `cryptab` do the jobs one after the other, prints both times.
pub(crate) fn run(project: &Project, comparison: &Comparison) -> Result<()> {
    let Comparison { peer: Peer::Crypten, parties, environment, .. } = comparison;
    let mut steps = Steps::default();
    let environment = steps.run("CrypTen", || {
        Environment::with_crypten(environment.as_deref())
            .context("CrypTen cannot be installed here")
    })?;
    steps.run("program cryptab", || site::build_program(project))?;
    let theirs = steps.run("jobs of CrypTen", || {
        environment.keep_script("line.py", LINE)?;
        let script = environment.keep_script("jobs.py", CRYPTEN)?;
        rows(&environment.run_script(&script, &their_arguments(comparison))?)
    })?;
    let ours = steps.run("jobs of CrypTab", || {
        let mut all = Vec::new();
        for arguments in our_arguments(comparison) {
            let program = project.binary();
            all.extend(rows(
                &project.command(&program.to_string_lossy()).args(&arguments).read()?,
            )?);
        }
        Ok(all)
    })?;
    let aim = match comparison.line {
        None => aim,
        Some(LINE_AIMED_AT) => aim_on_a_line,
        Some(_) => |_: &str, _: &str, _| None,
    };
    print!("{}", table(&ours, &theirs, *parties, aim));
    Ok(())
}

fn their_arguments(comparison: &Comparison) -> Vec<String> {
    let Comparison { parties, only, line, .. } = comparison;
    let mut arguments = vec![parties.to_string()];
    if let Some(Distance { round_trip_ms, mbps }) = line {
        let line = format!("{round_trip_ms},{mbps}");
        let million = (1_000_000 / SHRINK_ON_A_LINE).to_string();
        arguments.extend(["--line".to_owned(), line, "--million".to_owned(), million]);
    }
    let only = only.clone().or_else(|| line.map(|_| ON_A_LINE.to_owned()));
    arguments.extend(only.into_iter().flat_map(|names| ["--only".to_owned(), names]));
    arguments
}

/// Over a line, jobs of a million numbers are made smaller; the others are not.
fn our_arguments(comparison: &Comparison) -> Vec<Vec<String>> {
    let Comparison { parties, only, line, .. } = comparison;
    let with = |more: &[String]| -> Vec<String> {
        let common = ["bench", "--json", "--parties", &parties.to_string()].map(str::to_owned);
        [&common[..], more].concat()
    };
    let Some(Distance { round_trip_ms, mbps }) = line else {
        let only = only.iter().flat_map(|names| ["--only".to_owned(), names.clone()]);
        return vec![with(&only.collect::<Vec<_>>())];
    };
    // The relay is half-way.
    let to_the_relay = (round_trip_ms / 2).to_string();
    let line = ["--rtt-ms".to_owned(), to_the_relay, "--mbps".to_owned(), mbps.to_string()];
    let names = only.as_deref().unwrap_or(ON_A_LINE).split(',');
    let (large, small): (Vec<_>, Vec<_>) = names.partition(|name| OF_A_MILLION.contains(name));
    let shrink = ["--shrink".to_owned(), SHRINK_ON_A_LINE.to_string()];
    [(large, &shrink[..]), (small, &[])]
        .into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, shrink)| {
            with(&[&["--only".to_owned(), names.join(",")], &line[..], shrink].concat())
        })
        .collect()
}

/// The last line printed: a JSON array.
fn rows(printed: &str) -> Result<Vec<Value>> {
    let last = printed.lines().last().unwrap_or_default();
    let wrong = || format!("`{last}` is no JSON array");
    serde_json::from_str(last).with_context(wrong)
}

const CRYPTEN: &str = include_str!("bench/crypten.py");
const LINE: &str = include_str!("bench/line.py");

/// The line that `aims` are of.
const LINE_AIMED_AT: Distance = Distance { round_trip_ms: 50, mbps: 100 };
/// What is measured over a line unless told otherwise.
const ON_A_LINE: &str = "relu,sigmoid,max";
const OF_A_MILLION: [&str; 8] = ["input+reveal", "add", "mul", "square", "lt", "eq", "relu", "abs"];
const SHRINK_ON_A_LINE: u32 = 10;

#[cfg(test)]
mod tests {
    use super::{Comparison, Distance, Peer, our_arguments, their_arguments};

    #[test]
    fn both_do_the_same_jobs_over_the_same_line() {
        let line = Some(Distance { round_trip_ms: 50, mbps: 100 });
        let comparison =
            Comparison { peer: Peer::Crypten, parties: 2, only: None, line, environment: None };
        let ours: Vec<String> =
            our_arguments(&comparison).iter().map(|one| one.join(" ")).collect();
        let common = "bench --json --parties 2 --only";
        assert_eq!(ours[0], format!("{common} relu --rtt-ms 25 --mbps 100 --shrink 10"));
        assert_eq!(ours[1..], [format!("{common} sigmoid,max --rtt-ms 25 --mbps 100")]);
        let theirs = their_arguments(&comparison).join(" ");
        assert_eq!(theirs, "2 --line 50,100 --million 100000 --only relu,sigmoid,max");
        let near = Comparison { line: None, only: Some("lt".into()), ..comparison };
        assert_eq!(our_arguments(&near), [["bench", "--json", "--parties", "2", "--only", "lt"]]);
        assert_eq!(their_arguments(&near), ["2", "--only", "lt"]);
    }
}
