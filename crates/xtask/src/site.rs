//! From sources to the site and the program: wasm, then the npm package, then the site, then `cryptab`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::packages;
use crate::project::Project;
use crate::stamp::Stamp;
use crate::step::Steps;
use crate::tools::{self, WASM_TARGET};

/// Installs what the build needs.
pub(crate) fn set_up(steps: &mut Steps, project: &Project) -> Result<()> {
    steps.once("Node.js and npm", || tools::node(project))?;
    steps.once("Rust's wasm target", || tools::wasm_target(project))?;
    steps.once("wasm-bindgen", || tools::wasm_bindgen(project).map(drop))?;
    steps.once("npm packages of pkg", || packages::install(project, "pkg"))?;
    steps.once("npm packages of web", || packages::install(project, "web"))
}

/// Builds everything that `cryptab serve` needs, after its set-up.
pub(crate) fn build(steps: &mut Steps, project: &Project) -> Result<()> {
    set_up(steps, project)?;
    steps.once("engine for the browser", || compile_wasm(project))?;
    steps.once("wasm package", || bind_wasm(project))?;
    steps.once("npm package", || build_package(project))?;
    steps.once("site", || build_site(project))?;
    steps.once("program cryptab", || build_program(project))
}

fn compile_wasm(project: &Project) -> Result<()> {
    let build = ["build", "--release", "--package", "cryptab-wasm", "--target", WASM_TARGET];
    // Smaller by it; programs are not faster.
    let linking = ["--config", "profile.release.lto = 'thin'"];
    project.command("cargo").args(build).args(linking).run()
}

/// JavaScript and types around the module, then the module made small and fast.
fn bind_wasm(project: &Project) -> Result<()> {
    let compiled = project.target().join(WASM_TARGET).join("release/cryptab_wasm.wasm");
    let folder = project.path("pkg/dist/wasm");
    let salt = format!("{} {}", project.locked_version("wasm-bindgen")?, WASM_OPT.join(" "));
    Stamp::new(project, "wasm", &salt)
        .reads([compiled.clone(), project.path("pkg/package-lock.json")])
        .writes([folder.clone()])
        .unless_fresh(|| {
            project
                .command("wasm-bindgen")
                .args(["--target", "web", "--out-dir"])
                .args([&folder, &compiled])
                .run()?;
            optimise(project, &folder.join("cryptab_wasm_bg.wasm"))
        })
}

fn optimise(project: &Project, module: &PathBuf) -> Result<()> {
    let size = || fs::metadata(module).map(|file| file.len() / 1024);
    let before = size().with_context(|| format!("cannot read {}", module.display()))?;
    project
        .command("wasm-opt")
        .search_first(&project.path("pkg/node_modules/.bin"))
        .args(WASM_OPT)
        .args([module.as_os_str(), "-o".as_ref(), module.as_os_str()])
        .run()?;
    println!("   {before} KiB before wasm-opt, {} KiB after", size()?);
    Ok(())
}

fn build_package(project: &Project) -> Result<()> {
    Stamp::new(project, "pkg", "")
        .reads([project.path("pkg"), project.path("pkg/dist/wasm")])
        .writes([project.path("pkg/dist")])
        .unless_fresh(|| packages::script(project, "pkg", "build"))
}

fn build_site(project: &Project) -> Result<()> {
    Stamp::new(project, "web", "")
        .reads([project.path("web"), project.path("pkg"), project.path("pkg/dist")])
        .writes([project.path("web/dist")])
        .unless_fresh(|| packages::script(project, "web", "build"))
}

pub(crate) fn build_program(project: &Project) -> Result<()> {
    let build = ["build", "--release", "--package", "cryptab-cli", "--bin", "cryptab"];
    project.command("cargo").args(build).run()
}

/// The features are those that the module is compiled with; see .cargo/config.toml.
const WASM_OPT: [&str; 4] =
    ["--enable-simd", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", "-O3"];
