//! `cryptab bench`: how fast this machine is, over real sockets.

mod clear;
mod inputs;
mod measure;
mod memory;
mod photo;
mod row;
mod work;
mod works;

use clap::Args;
use cryptab_session::{Evaluator, Format, Route};
use serde_json::Value;

use crate::allocator;
use crate::console::Console;
use crate::evaluator::evaluator;
use crate::failure::Failure;
use crate::line::Line;
use crate::route::Way;
use measure::{Setting, measure};
use row::Row;
use work::Work;

/// Measure on this machine: parties and a dealer, each with its own thread, over sockets of the
/// loopback.
///
/// Inputs are shared before the clock starts; the clock stops when all parties hold their shares of
/// the result (input+reveal and photo: from the data to the result on the screen). Everything the
/// dealer has to do is within the time, which is that of the slowest party; the median run counts. The
/// online time is what is left of it where the program was known before the inputs, so that the dealer
/// is done when they come.
/// Bytes are what the party sends that sends most, to all others, without framing; the dealer's are
/// what all parties receive. The error is the largest, from the computation in f64.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Bench {
    /// Measure only these, by name (relu) or by name and size ("matmul 512x512").
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// How many parties, 2 to 8.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=8))]
    parties: u8,
    /// How often; the median counts. One run before is not counted.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    repeat: u8,
    /// Divide all sizes by this, for a quick look.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    shrink: u32,
    /// The time from a party to relay or dealer and back, in milliseconds: each takes half of it to
    /// reach the other, so that a message between parties takes all of it.
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    rtt_ms: u32,
    /// The rate of each party's connection, each way, in Mbit/s; unlimited if not given.
    #[arg(long, value_name = "MBIT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    mbps: Option<u32>,
    #[command(flatten)]
    way: Way,
    /// How smooth functions are evaluated.
    #[arg(long, default_value_t, value_parser = evaluator())]
    evaluator: Evaluator,
    /// Also tell the memory that the first run takes at most, all parties, relay and dealer together:
    /// what the parties hold of inputs and results counts, and it is told as a multiple of that
    /// (Linux). Memory is returned to the system at once meanwhile, so times are longer.
    #[arg(long)]
    memory: bool,
}

impl Bench {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let works = self.chosen()?;
        let line = Line::new(self.rtt_ms, self.mbps);
        let Self { parties, repeat, memory, evaluator, .. } = self;
        let route = self.route()?;
        let format = Format { evaluator, ..Format::default() };
        let setting = Setting { parties, repeat, line, memory, format, route };
        if memory {
            allocator::return_memory();
        }
        if !console.is_for_scripts() {
            let parties = self.parties;
            console.say(&format!(
                "{parties} parties, dealer and relay share this machine's processors."
            ));
            console.show(&Row::head(self.memory), &Value::Null);
        }
        let mut objects = Vec::with_capacity(works.len());
        for work in &works {
            let row = measure(work, setting)?;
            if !console.is_for_scripts() {
                console.show(&row.line(work, self.parties, self.memory), &Value::Null);
            }
            objects.push(row.object(work, self.parties, self.memory));
        }
        if console.is_for_scripts() {
            console.show("", &Value::Array(objects));
        }
        Ok(())
    }

    /// The line is between the parties and the relay: only what goes that way is slowed down.
    fn route(&self) -> Result<Route, Failure> {
        match (self.way.route, self.rtt_ms > 0 || self.mbps.is_some()) {
            (Route::Direct, true) => {
                Err(Failure::input("--rtt-ms and --mbps are for the way through the relay"))
            }
            (_, true) => Ok(Route::Relay),
            (route, false) => Ok(route),
        }
    }

    fn chosen(&self) -> Result<Vec<Work>, Failure> {
        let all = works::all(self.shrink as usize);
        let wanted = |name: &String, work: &Work| {
            *name == work.name || *name == format!("{} {}", work.name, work.size)
        };
        if let Some(name) = self.only.iter().find(|name| !all.iter().any(|work| wanted(name, work)))
        {
            let mut names: Vec<&str> = all.iter().map(|work| work.name).collect();
            names.dedup();
            let names = names.join(", ");
            let reason = format!("nothing to measure is called `{name}`; there are {names}");
            return Err(Failure::input(reason));
        }
        let chosen = all
            .into_iter()
            .filter(|work| self.only.is_empty() || self.only.iter().any(|name| wanted(name, work)));
        Ok(chosen.collect())
    }
}

const AFTER_HELP: &str = "\
Examples:
  cryptab bench
  cryptab bench --only relu,lt --parties 3 --repeat 5
  cryptab bench --only 'matmul 512x512' --json
  cryptab bench --only relu,max,sigmoid --rtt-ms 50 --mbps 100

JSON: one array of objects with name, size, parties, seconds, online_seconds, rounds, bytes,
dealer_bytes and max_error; with --memory also peak_memory and tensor_memory, in bytes.";
