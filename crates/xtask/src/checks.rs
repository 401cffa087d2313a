//! The single checks of `cargo xtask test`.

use std::ffi::OsString;

use anyhow::Result;

use crate::command::Command;
use crate::packages;
use crate::project::Project;
use crate::tools::{self, WASM_TARGET};

/// Every Rust source is formatted.
pub(crate) fn format(project: &Project) -> Result<()> {
    cargo(project, "fmt --all --check")?;
    cargo(project, "fmt --manifest-path fuzz/Cargo.toml --check")
}

/// No warning from clippy on this machine's own target.
pub(crate) fn clippy_native(project: &Project) -> Result<()> {
    cargo(project, "clippy --workspace --all-targets -- -D warnings")
}

/// No warning from clippy on the crates that run in the browser.
pub(crate) fn clippy_wasm(project: &Project) -> Result<()> {
    project
        .command("cargo")
        .args(["clippy", "--target", WASM_TARGET])
        .args(selection(&IN_BROWSER))
        .args(["--", "-D", "warnings"])
        .run()
}

/// Unit and behaviour tests, by nextest where it is installed.
pub(crate) fn native_tests(project: &Project) -> Result<()> {
    if project.command("cargo-nextest").exists() {
        return cargo(project, "nextest run --workspace --no-fail-fast");
    }
    cargo(project, "test --workspace --lib --bins --tests --examples --no-fail-fast")
}

/// The examples in the documentation.
pub(crate) fn doc_tests(project: &Project) -> Result<()> {
    cargo(project, "test --workspace --doc")
}

/// The tests of the browser's own kernels, channels and engine in Chromium.
pub(crate) fn wasm_tests_in_chromium(project: &Project) -> Result<()> {
    let chromium = tools::chromium(project)?;
    wasm_tests(project, "crates/wasm/webdriver.json").env("CHROMEDRIVER", chromium.driver).run()
}

/// The same tests in Firefox.
pub(crate) fn wasm_tests_in_firefox(project: &Project) -> Result<()> {
    let firefox = tools::firefox(project)?;
    let mut program = OsString::from("--binary=");
    program.push(firefox.browser);
    wasm_tests(project, "crates/wasm/webdriver-firefox.json")
        .env("GECKODRIVER", firefox.driver)
        .env("GECKODRIVER_ARGS", program)
        .run()
}

fn wasm_tests(project: &Project, capabilities: &str) -> Command {
    project
        .command("cargo")
        .args(["test", "--target", WASM_TARGET])
        .args(selection(&TESTED_IN_BROWSER))
        .env("WASM_BINDGEN_TEST_TIMEOUT", SECONDS_OF_WASM_TESTS)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", project.path(capabilities))
}

/// Types, lint and unit tests of the npm package.
pub(crate) fn package_checks(project: &Project) -> Result<()> {
    packages::script(project, "pkg", "check")?;
    packages::script(project, "pkg", "test")
}

/// Types, lint and unit tests of the site.
pub(crate) fn site_checks(project: &Project) -> Result<()> {
    packages::script(project, "web", "check")?;
    packages::script(project, "web", "test")
}

/// Whole sessions: tabs, a native party, relay and dealer as separate processes.
pub(crate) fn end_to_end(project: &Project) -> Result<()> {
    let chromium = tools::chromium(project)?;
    project
        .command("npm")
        .args(["test"])
        .folder(&project.path("tests/browser"))
        .env("CRYPTAB_BIN", project.binary())
        .env("CHROMIUM", chromium.browser)
        .run()
}

/// A session between two windows of Firefox.
pub(crate) fn end_to_end_in_firefox(project: &Project) -> Result<()> {
    let firefox = tools::firefox(project)?;
    project
        .command("npm")
        .args(["run", "test:firefox"])
        .folder(&project.path("tests/browser"))
        .env("CRYPTAB_BIN", project.binary())
        .env("FIREFOX", firefox.browser)
        .env("GECKODRIVER", firefox.driver)
        .run()
}

/// The documentation builds without a warning.
pub(crate) fn docs(project: &Project) -> Result<()> {
    project
        .command("cargo")
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

fn cargo(project: &Project, arguments: &str) -> Result<()> {
    project.command("cargo").args(arguments.split(' ')).run()
}

fn selection(packages: &[&'static str]) -> Vec<&'static str> {
    packages.iter().flat_map(|package| ["--package", package]).collect()
}

/// The crates that are compiled for the browser, in the order of the data flow.
const IN_BROWSER: [&str; 9] = [
    "cryptab-chacha",
    "cryptab-tensor",
    "cryptab-correlation",
    "cryptab-wire",
    "cryptab-engine",
    "cryptab-photo",
    "cryptab-link",
    "cryptab-session",
    "cryptab-wasm",
];

/// The runner's own limit, 20 seconds, is meant for smaller suites.
const SECONDS_OF_WASM_TESTS: &str = "900";

/// The crates with tests of their own for the browser.
const TESTED_IN_BROWSER: [&str; 3] = ["cryptab-chacha", "cryptab-link", "cryptab-wasm"];
