//! `cryptab bench`: how fast this machine is, over real sockets.

mod measure;
mod work;

use clap::Args;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use measure::{Row, measure};
use work::Work;

/// Measure on this machine: two parties and a dealer, each with its own thread, over sockets of the
/// loopback.
///
/// Inputs are shared before the clock starts; the clock stops when both parties hold their shares of
/// the result (photo: from start to the result on the owner's screen). Everything the dealer has to
/// do is within the time. Bytes are what one party sends, without framing.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  cryptab bench\n  cryptab bench --only relu --repeat 5 --json")]
pub(crate) struct Bench {
    /// Measure only these, by name: relu, lt, mul, matmul, photo.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// How often; the median counts. One run before is not counted.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    repeat: u8,
    /// Divide all sizes by this, for a quick look.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    shrink: u32,
}

impl Bench {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let all = Work::all(self.shrink as usize);
        if let Some(name) =
            self.only.iter().find(|name| all.iter().all(|work| work.name() != **name))
        {
            return Err(Failure::input(format!("nothing to measure is called `{name}`")));
        }
        console.say("Two parties, dealer and relay share this machine's processors.");
        if !console.is_for_scripts() {
            console.show(HEAD, &json!(null));
        }
        for work in all
            .iter()
            .filter(|work| self.only.is_empty() || self.only.iter().any(|name| name == work.name()))
        {
            let row = measure(work, self.repeat)?;
            console.show(&line(work, &row), &object(work, &row));
        }
        Ok(())
    }
}

fn line(work: &Work, row: &Row) -> String {
    format!(
        "{:<8} {:<16} {:>9.4} {:>7} {:>12} {:>13} {:>10.2e}",
        work.name(),
        work.size(),
        row.seconds,
        row.rounds,
        row.bytes,
        row.dealer_bytes,
        row.max_error
    )
}

fn object(work: &Work, row: &Row) -> serde_json::Value {
    json!({
        "name": work.name(),
        "size": work.size(),
        "parties": 2,
        "seconds": row.seconds,
        "rounds": row.rounds,
        "bytes": row.bytes,
        "dealer_bytes": row.dealer_bytes,
        "max_error": row.max_error,
    })
}

const HEAD: &str =
    "name     size               seconds  rounds        bytes  dealer bytes  max error";
