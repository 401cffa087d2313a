//! npm packages: installed from the lock file, and again only when it has changed.

use anyhow::Result;

use crate::project::Project;
use crate::stamp::Stamp;

/// Installs the packages of one folder.
pub(crate) fn install(project: &Project, folder: &str) -> Result<()> {
    let inside = |name: &str| project.path(&format!("{folder}/{name}"));
    Stamp::new(project, &format!("npm-{folder}"), "")
        .reads([inside("package.json"), inside("package-lock.json"), inside(".npmrc")])
        .writes([inside("node_modules/.package-lock.json")])
        .unless_fresh(|| {
            let install = ["ci", "--no-audit", "--no-fund"];
            project.command("npm").args(install).folder(&inside("")).run()
        })
}

/// Runs a script of one folder's package.json.
pub(crate) fn script(project: &Project, folder: &str, name: &str) -> Result<()> {
    project.command("npm").args(["run", name]).folder(&project.path(folder)).run()
}
