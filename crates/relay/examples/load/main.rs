//! Load on a relay: the program `cryptab relay`, started here with its usual limits, and clients that
//! come from many addresses of the loopback (Linux lets a client choose any of 127.0.0.0/8).
//!
//! `cargo xtask load` builds both and runs this. Clients and relay share the machine, so the figures
//! are worse than a relay's that has the machine to itself.

mod client;
mod flood;
mod idle;
mod limits;
mod process;
mod report;
mod rounds;
mod slow;
mod transfer;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::report::Report;

type Failure = Box<dyn Error + Send + Sync>;

/// How much of everything.
struct Size {
    idle_rooms: u32,
    idle_for: Duration,
    busy_rooms: u32,
    rounds: u32,
    transfer: u64,
    slow_for: Duration,
    flood_for: Duration,
}

const FULL: Size = Size {
    idle_rooms: 2_000,
    idle_for: Duration::from_secs(30),
    busy_rooms: 200,
    rounds: 500,
    transfer: 1 << 30,
    // One that says nothing for 9 s is given up, and does not hold its sender up any more.
    slow_for: Duration::from_secs(8),
    flood_for: Duration::from_secs(10),
};

const QUICK: Size = Size {
    idle_rooms: 100,
    idle_for: Duration::from_secs(10),
    busy_rooms: 20,
    rounds: 50,
    transfer: 64 << 20,
    slow_for: Duration::from_secs(3),
    flood_for: Duration::from_secs(2),
};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(report) if report.holds() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<Report, Failure> {
    let Options { program, size, json, only } = Options::read()?;
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let mut report = Report::default();
    describe_machine(&mut report)?;
    if wanted("idle") {
        idle::measure(&program, &size, &mut report).await?;
    }
    if wanted("rounds") {
        rounds::measure(&program, &size, &mut report).await?;
    }
    if wanted("transfer") {
        transfer::measure(&program, &size, &mut report).await?;
    }
    if wanted("slow") {
        slow::measure(&program, &size, &mut report).await?;
    }
    if wanted("limits") {
        limits::measure(&program, &mut report).await?;
    }
    if wanted("flood") {
        flood::measure(&program, &size, &mut report).await?;
    }
    print!("{}", report.table());
    if let Some(file) = json {
        std::fs::write(&file, report.json())?;
    }
    Ok(report)
}

/// What the figures depend on. Times mean little when more wants to run than there are processors.
fn describe_machine(report: &mut Report) -> Result<(), Failure> {
    let processors = std::thread::available_parallelism()?.get();
    report.add("machine", "processors", processors as f64, "", None);
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let total = memory.lines().next().and_then(|line| line.split_whitespace().nth(1));
    let total: f64 = total.ok_or("no MemTotal")?.parse()?;
    report.add("machine", "memory", (total / 1024.0 / 1024.0).round(), "GiB", None);
    let load = std::fs::read_to_string("/proc/loadavg")?;
    let load: f64 = load.split_whitespace().next().ok_or("no load")?.parse()?;
    report.add("machine", "what wants to run besides (load average)", load, "", None);
    Ok(())
}

struct Options {
    program: PathBuf,
    size: Size,
    json: Option<PathBuf>,
    only: Option<String>,
}

impl Options {
    fn read() -> Result<Self, Failure> {
        let mut words = std::env::args().skip(1);
        let program = words.next().ok_or(USAGE)?.into();
        let mut options = Self { program, size: FULL, json: None, only: None };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => options.size = QUICK,
                "--json" => options.json = Some(words.next().ok_or(USAGE)?.into()),
                "--only" => options.only = Some(words.next().ok_or(USAGE)?),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(options)
    }
}

const USAGE: &str = "load PROGRAM [--quick] [--json FILE] \
    [--only idle|rounds|transfer|slow|limits|flood], where PROGRAM is a built `cryptab`";
