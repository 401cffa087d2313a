//! `cargo xtask test`: every check in order, up to the first that fails.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::fuzz::{self, Fuzzing};
use crate::project::Project;
use crate::step::Steps;
use crate::{checks, packages, site, tools, turn};

/// What `--only` can choose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Group {
    /// Formatting and clippy.
    Lint,
    /// Tests on this machine's own target.
    Native,
    /// Parties that reach each other through a TURN server alone.
    Turn,
    /// Tests of the engine in the browser.
    Wasm,
    /// Types, lint and unit tests of the npm package and the site.
    Web,
    /// Whole sessions in browsers.
    Browser,
    /// Documentation.
    Docs,
    /// Arbitrary bytes for every decoder.
    Fuzz,
}

impl Group {
    /// The group of this name.
    pub(crate) fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "lint" => Self::Lint,
            "native" => Self::Native,
            "turn" => Self::Turn,
            "wasm" => Self::Wasm,
            "web" => Self::Web,
            "browser" => Self::Browser,
            "docs" => Self::Docs,
            "fuzz" => Self::Fuzz,
            _ => bail!("`{name}` is none of lint, native, turn, docs, fuzz, wasm, web, browser"),
        })
    }
}

/// Runs the checks of one group or of all; prints a table, the error, and, last, the count of steps.
pub(crate) fn run(project: &Project, only: Option<Group>) -> ExitCode {
    let mut steps = Steps::default();
    let groups = only.map_or_else(|| ORDER.to_vec(), |chosen| vec![chosen]);
    let result = groups.into_iter().try_for_each(|group| check(&mut steps, project, group));
    print!("{}", steps.table());
    if let Err(error) = &result {
        println!("\nerror: {error:#}");
    }
    println!("\n{} passed, {} failed", steps.passed(), steps.failed());
    if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check(steps: &mut Steps, project: &Project, group: Group) -> Result<()> {
    match group {
        Group::Lint => {
            steps.run("rustfmt and clippy", || tools::rust_components(project))?;
            steps.once("Rust's wasm target", || tools::wasm_target(project))?;
            steps.run("format", || checks::format(project))?;
            steps.run("clippy, native", || checks::clippy_native(project))?;
            steps.run("clippy, wasm32", || checks::clippy_wasm(project))
        }
        Group::Native => {
            steps.run("native tests", || checks::native_tests(project))?;
            steps.run("documentation tests", || checks::doc_tests(project))
        }
        Group::Turn => {
            steps.once("coturn", || tools::coturn(project).map(drop))?;
            steps.run("parties behind a TURN server", || turn::tests(project))
        }
        Group::Wasm => {
            steps.once("Rust's wasm target", || tools::wasm_target(project))?;
            steps.once("wasm-bindgen", || tools::wasm_bindgen(project).map(drop))?;
            steps.once("Chromium and its driver", || tools::chromium(project).map(drop))?;
            steps.run("wasm tests in Chromium", || checks::wasm_tests_in_chromium(project))?;
            steps.once("Firefox and its driver", || tools::firefox(project).map(drop))?;
            steps.run("wasm tests in Firefox", || checks::wasm_tests_in_firefox(project))
        }
        Group::Web => {
            site::build(steps, project)?;
            steps.run("npm package: checks and tests", || checks::package_checks(project))?;
            steps.run("site: checks and tests", || checks::site_checks(project))
        }
        Group::Browser => {
            site::build(steps, project)?;
            steps.once("Chromium and its driver", || tools::chromium(project).map(drop))?;
            let install = || packages::install(project, "tests/browser");
            steps.run("npm packages of tests/browser", install)?;
            steps.run("browser end-to-end tests", || checks::end_to_end(project))?;
            steps.once("Firefox and its driver", || tools::firefox(project).map(drop))?;
            steps.run("a photo between Firefox windows", || checks::end_to_end_in_firefox(project))
        }
        Group::Docs => steps.run("documentation", || checks::docs(project)),
        Group::Fuzz => {
            let fuzzing = Fuzzing { seconds: SECONDS_OF_FUZZING, target: None };
            fuzz::steps_of(steps, project, &fuzzing)
        }
    }
}

/// Quick checks first. `turn` is for those who change direct connections: it installs a TURN server.
const ORDER: [Group; 7] =
    [Group::Lint, Group::Native, Group::Docs, Group::Fuzz, Group::Wasm, Group::Web, Group::Browser];

/// Enough to read every seed and to alter it often; `cargo xtask fuzz` takes longer.
const SECONDS_OF_FUZZING: u32 = 4;
