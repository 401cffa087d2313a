//! Steps: each says its name, does its work, and says how long it took.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// The steps taken so far, with their times.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    taken: Vec<Taken>,
}

#[derive(Debug)]
struct Taken {
    name: String,
    passed: bool,
    time: Duration,
}

impl Steps {
    /// Takes one step. An error names it.
    pub(crate) fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("== {name}");
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        let passed = result.is_ok();
        println!("== {name}: {} after {}", verdict(passed), Seconds(time));
        self.taken.push(Taken { name: name.to_owned(), passed, time });
        result.with_context(|| format!("step `{name}` failed"))
    }

    /// Takes a step unless it has passed before: what several groups of steps need is done once.
    pub(crate) fn once(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        if self.taken.iter().any(|step| step.passed && step.name == name) {
            return Ok(());
        }
        self.run(name, work)
    }

    /// How many steps passed.
    pub(crate) fn passed(&self) -> usize {
        self.taken.iter().filter(|step| step.passed).count()
    }

    /// How many steps failed.
    pub(crate) fn failed(&self) -> usize {
        self.taken.len() - self.passed()
    }

    /// One line for each step.
    pub(crate) fn table(&self) -> String {
        let width = self.taken.iter().map(|step| step.name.len()).max().unwrap_or(0);
        let mut table = String::from("\n");
        for Taken { name, passed, time } in &self.taken {
            let verdict = verdict(*passed);
            writeln!(table, "  {name:width$}  {verdict:6}  {:>9}", Seconds(*time).to_string())
                .expect("a String takes every write");
        }
        let whole = self.taken.iter().map(|step| step.time).sum();
        writeln!(table, "  {:width$}  {:6}  {:>9}", "in all", "", Seconds(whole).to_string())
            .expect("a String takes every write");
        table
    }
}

fn verdict(passed: bool) -> &'static str {
    if passed { "done" } else { "FAILED" }
}

struct Seconds(Duration);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} s", self.0.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn counts_and_names_steps() {
        let mut steps = Steps::default();
        assert_eq!(steps.run("first", || Ok(7)).unwrap(), 7);
        let error = steps.run("second", || -> Result<()> { bail!("no luck") }).unwrap_err();
        assert_eq!(format!("{error:#}"), "step `second` failed: no luck");
        assert_eq!((steps.passed(), steps.failed()), (1, 1));
        steps.once("first", || bail!("it has passed before")).unwrap();
        assert_eq!((steps.passed(), steps.failed()), (1, 1));
        steps.once("second", || Ok(())).unwrap();
        assert_eq!((steps.passed(), steps.failed()), (2, 1));
        assert!(steps.table().contains("second  FAILED"));
    }
}
