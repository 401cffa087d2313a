//! Tools: found where they are, or installed; a tool that can be had in neither way is one clear sentence.

use std::env;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::command::Command;
use crate::project::Project;

/// Rust's target for the browser.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A browser and its driver.
#[derive(Debug)]
pub(crate) struct Browser {
    /// The browser's program.
    pub(crate) browser: PathBuf,
    /// The program that the tests drive it with.
    pub(crate) driver: PathBuf,
}

/// The standard library for wasm32, by rustup.
pub(crate) fn wasm_target(project: &Project) -> Result<()> {
    let Some(sysroot) = project.command("rustc").args(["--print", "sysroot"]).output() else {
        bail!("rustc is missing: install Rust with rustup, then run this again");
    };
    if Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return say("installed already");
    }
    rustup(project, &["target", "add", WASM_TARGET])
}

/// rustfmt and clippy, by rustup.
pub(crate) fn rust_components(project: &Project) -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if project.command("cargo").args([subcommand, "--version"]).output().is_none() {
            rustup(project, &["component", "add", component])?;
        }
    }
    say("installed")
}

/// The folder that holds `wasm-bindgen` and its test runner in the version of the lock file.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<String> {
    let version = project.locked_version("wasm-bindgen")?;
    let wanted = |program: &str| {
        let printed = project.command(program).args(["--version"]).output();
        printed.is_some_and(|text| text.split_whitespace().last() == Some(&version))
    };
    if wanted("wasm-bindgen") && wanted("wasm-bindgen-test-runner") {
        println!("   version {version} installed already");
        return Ok(version);
    }
    println!("   installing wasm-bindgen {version}; on two cores this takes about two minutes");
    // Not --locked: the lock that the package ships names crate versions that a registry may lack.
    project
        .command("cargo")
        .args(["install", "wasm-bindgen-cli", "--version", &version, "--force", "--root"])
        .args([project.tools()])
        .run()?;
    Ok(version)
}

/// cargo-fuzz, by cargo. It builds libFuzzer, which takes a C++ compiler.
pub(crate) fn cargo_fuzz(project: &Project) -> Result<()> {
    if !["c++", "g++", "clang++"].iter().any(|compiler| project.command(compiler).exists()) {
        apt_install(project, "a C++ compiler", &["g++"])?;
    }
    if project.command("cargo-fuzz").exists() {
        return say("installed already");
    }
    println!("   installing cargo-fuzz; on two cores this takes about two minutes");
    let install = ["install", "cargo-fuzz", "--version", CARGO_FUZZ, "--root"];
    project.command("cargo").args(install).args([project.tools()]).run()
}

/// Node and npm, new enough for the site's tools.
pub(crate) fn node(project: &Project) -> Result<()> {
    let Some(version) = project.command("node").args(["--version"]).output() else {
        bail!(
            "Node.js is missing: run `apt-get install nodejs npm` (version {NODE_WANTED} or newer)"
        );
    };
    if node_is_old(&version).context("`node --version` printed no version")? {
        bail!("Node.js {version} is too old: install version {NODE_WANTED} or newer");
    }
    if !project.command("npm").exists() {
        apt_install(project, "npm", &["npm"])?;
    }
    println!("   Node.js {version}");
    Ok(())
}

/// Chromium and chromedriver, by Debian's package manager.
pub(crate) fn chromium(project: &Project) -> Result<Browser> {
    if let Some(found) = find_chromium(project)? {
        say("installed already")?;
        return Ok(found);
    }
    apt_install(project, "Chromium", &["chromium", "chromium-driver"])?;
    find_chromium(project)?.context(
        "Chromium or chromedriver is still missing: set CHROMIUM and CHROMEDRIVER to their programs",
    )
}

/// A TURN server, by Debian's package manager.
pub(crate) fn coturn(project: &Project) -> Result<PathBuf> {
    let find = || find_program(project, "TURNSERVER", &["turnserver"]);
    if let Some(found) = find()? {
        say("installed already")?;
        return Ok(found);
    }
    apt_install(project, "coturn", &["coturn"])?;
    find()?.context("coturn is still missing: set TURNSERVER to its program")
}

fn find_chromium(project: &Project) -> Result<Option<Browser>> {
    let browser = find_program(project, "CHROMIUM", &["chromium", "chromium-browser"])?;
    let driver = find_program(project, "CHROMEDRIVER", &["chromedriver"])?;
    Ok(browser.zip(driver).map(|(browser, driver)| Browser { browser, driver }))
}

/// Firefox by Debian's package manager, its driver by cargo: Debian has no package of it.
pub(crate) fn firefox(project: &Project) -> Result<Browser> {
    let find_browser = || find_program(project, "FIREFOX", &["firefox-esr", "firefox"]);
    let find_driver = || find_program(project, "GECKODRIVER", &["geckodriver"]);
    if let Some((browser, driver)) = find_browser()?.zip(find_driver()?) {
        say("installed already")?;
        return Ok(Browser { browser, driver });
    }
    if find_browser()?.is_none() {
        apt_install(project, "Firefox", &["firefox-esr"])?;
    }
    if find_driver()?.is_none() {
        println!("   installing geckodriver; on two cores this takes about four minutes");
        let install = ["install", "geckodriver", "--version", GECKODRIVER, "--root"];
        project.command("cargo").args(install).args([project.tools()]).run()?;
    }
    let both = find_browser()?.zip(find_driver()?);
    let (browser, driver) = both.context(
        "Firefox or geckodriver is still missing: set FIREFOX and GECKODRIVER to their programs",
    )?;
    Ok(Browser { browser, driver })
}

/// The program that a variable names, else the first of these names among our tools, on `PATH` or in
/// Debian's folder.
fn find_program(project: &Project, variable: &str, names: &[&str]) -> Result<Option<PathBuf>> {
    if let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from) {
        if path.is_file() {
            return Ok(Some(path));
        }
        bail!("{variable} names {}, which is no program: correct or unset it", path.display());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [project.tools().join("bin")].into_iter().chain(env::split_paths(&path));
    let folders = folders.chain([PathBuf::from("/usr/bin")]).collect::<Vec<_>>();
    let mut files = names.iter().flat_map(|name| folders.iter().map(move |dir| dir.join(name)));
    Ok(files.find(|file| file.is_file()))
}

fn rustup(project: &Project, arguments: &[&str]) -> Result<()> {
    let command = project.command("rustup").args(arguments);
    if !command.exists() {
        bail!(
            "rustup is missing, which would add what this needs: install it, then run `{command}`"
        );
    }
    command.run().with_context(|| format!("it could not be installed: run `{command}`"))
}

fn apt_install(project: &Project, what: &str, packages: &[&str]) -> Result<()> {
    let by_hand = format!("run `apt-get install {}` as root", packages.join(" "));
    let Some(elevation) = Elevation::find(project) else {
        bail!("{what} is missing and there is no right to install it: {by_hand}");
    };
    if !project.command("apt-get").exists() {
        bail!("{what} is missing and this is no Debian: install it with your package manager");
    }
    let apt = |arguments: &[&str]| elevation.command(project).args(arguments).run();
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    apt(&["update"])
        .and_then(|()| apt(&install))
        .with_context(|| format!("{what} could not be installed: {by_hand}"))
}

/// How apt-get gets the right to install.
enum Elevation {
    Root,
    Sudo,
}

impl Elevation {
    /// Root, or a sudo that asks nothing, or one that can ask at a terminal.
    fn find(project: &Project) -> Option<Self> {
        if project.command("id").args(["-u"]).output().as_deref() == Some("0") {
            return Some(Self::Root);
        }
        let silent = project.command("sudo").args(["-n", "true"]).output().is_some();
        let askable = project.command("sudo").exists() && std::io::stdin().is_terminal();
        (silent || askable).then_some(Self::Sudo)
    }

    fn command(&self, project: &Project) -> Command {
        let command = match self {
            Self::Root => project.command("apt-get"),
            Self::Sudo => {
                project.command("sudo").args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            }
        };
        command.env("DEBIAN_FRONTEND", "noninteractive")
    }
}

/// Whether a version such as `v20.20.2` is older than the oldest that Vite and the tests run on.
fn node_is_old(version: &str) -> Option<bool> {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some((major, minor) < (20, 19))
}

const NODE_WANTED: &str = "20.19";

const CARGO_FUZZ: &str = "0.13.2";
const GECKODRIVER: &str = "0.37.1";

fn say(what: &str) -> Result<()> {
    println!("   {what}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_versions_of_node() {
        assert_eq!(node_is_old("v18.20.4"), Some(true));
        assert_eq!(node_is_old("v20.18.9"), Some(true));
        assert_eq!(node_is_old("v20.19.0"), Some(false));
        assert_eq!(node_is_old("v24.1.0"), Some(false));
        assert_eq!(node_is_old("nonsense"), None);
    }

    #[test]
    fn a_named_program_must_exist() {
        let project = Project::find().unwrap();
        let find = |variable: &str, names: &[&str]| find_program(&project, variable, names);
        assert!(find("XTASK_NO_SUCH_VARIABLE", &["sh"]).unwrap().is_some());
        assert_eq!(find("XTASK_NO_SUCH_VARIABLE", &["no-such-program"]).unwrap(), None);
        assert!(find("CARGO_MANIFEST_DIR", &[]).is_err(), "a folder is no program");
    }
}
