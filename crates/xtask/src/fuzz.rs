//! `cargo xtask fuzz`: arbitrary bytes for every decoder of what another machine or a file says.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::command::Command;
use crate::project::Project;
use crate::step::Steps;
use crate::tools;

/// Which targets are run, and how long.
#[derive(Debug, PartialEq)]
pub(crate) struct Fuzzing {
    /// Seconds for each target.
    pub(crate) seconds: u32,
    /// One target, or all.
    pub(crate) target: Option<String>,
}

/// Installs what is missing, builds the targets, runs them.
pub(crate) fn run(project: &Project, fuzzing: &Fuzzing) -> Result<()> {
    let mut steps = Steps::default();
    let result = steps_of(&mut steps, project, fuzzing);
    print!("{}", steps.table());
    result
}

/// The same as steps of several.
pub(crate) fn steps_of(steps: &mut Steps, project: &Project, fuzzing: &Fuzzing) -> Result<()> {
    let all = targets(&fs::read_to_string(project.path("fuzz/Cargo.toml"))?);
    let chosen = match &fuzzing.target {
        None => all,
        Some(name) if all.contains(name) => vec![name.clone()],
        Some(name) => bail!("there is no target `{name}`: there are {}", all.join(", ")),
    };
    steps.run("cargo-fuzz", || tools::cargo_fuzz(project))?;
    steps.run("fuzz targets: build", || {
        let build = cargo_fuzz(project, "build");
        match &fuzzing.target {
            Some(name) => build.args([name]).run(),
            None => build.run(),
        }
    })?;
    let name = format!("fuzz targets: {} of {} s each", chosen.len(), fuzzing.seconds);
    steps.run(&name, || chosen.iter().try_for_each(|target| try_out(project, target, fuzzing)))
}

fn try_out(project: &Project, target: &str, fuzzing: &Fuzzing) -> Result<()> {
    // What is learnt stays beside the programs; the repository holds the seeds alone.
    let learnt = folder(project).join("corpus").join(target);
    fs::create_dir_all(&learnt).with_context(|| format!("{} cannot be made", learnt.display()))?;
    let seeds = project.path("fuzz/corpus").join(target);
    if !seeds.is_dir() {
        bail!("{} is missing: a target begins with seeds", seeds.display());
    }
    println!("   {target}");
    cargo_fuzz(project, "run")
        .args([target])
        .args([&learnt, &seeds])
        .args(["--", &format!("-max_total_time={}", fuzzing.seconds)])
        .args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=0", "-verbosity=0"])
        .run()
        .with_context(|| format!("`{target}` found something: the input is named above"))
}

/// Without a sanitizer, which stable Rust does not have: there is hardly any unsafe code to watch.
fn cargo_fuzz(project: &Project, subcommand: &str) -> Command {
    project
        .command("cargo")
        .args(["fuzz", subcommand, "--sanitizer", "none", "--target-dir"])
        .args([folder(project)])
        // Instrumentation is a matter of the nightly compiler only in name.
        .env("RUSTC_BOOTSTRAP", "1")
}

fn folder(project: &Project) -> std::path::PathBuf {
    Path::new(project.target()).join("fuzz")
}

/// The names of the programs in the manifest.
fn targets(manifest: &str) -> Vec<String> {
    let mut lines = manifest.lines();
    let mut names = Vec::new();
    while lines.any(|line| line == "[[bin]]") {
        let name = lines.next().and_then(|line| line.strip_prefix("name = \""));
        names.extend(name.and_then(|name| name.strip_suffix('"')).map(str::to_owned));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_a_program_of_the_manifest() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
        let mut named = targets(&fs::read_to_string(root.join("Cargo.toml")).unwrap());
        let files = fs::read_dir(root.join("targets")).unwrap();
        let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut found: Vec<_> = files.map(|file| stem(&file.unwrap().path())).collect();
        named.sort();
        found.sort();
        assert_eq!(named, found);
        for target in named {
            let seeds = fs::read_dir(root.join("corpus").join(&target));
            assert!(seeds.is_ok_and(|mut seeds| seeds.next().is_some()), "{target} has no seeds");
        }
    }
}
