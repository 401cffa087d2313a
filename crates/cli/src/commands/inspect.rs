//! `cryptab inspect`: what a program costs, before it runs.

use clap::{Args, Subcommand};
use cryptab_engine::{Cost, Engine, Entry};
use cryptab_photo::{Parties, Side, Size, record};
use cryptab_session::{Evaluator, Format};
use serde_json::json;

use crate::console::Console;
use crate::evaluator::evaluator;
use crate::failure::Failure;

/// Show what a program costs before it runs: rounds, bytes, dealer bytes, seconds.
///
/// Costs are exact, framing and sealing (about 1 percent) come on top. Seconds are those of the
/// network: every round takes one round trip to the relay, and every party downloads what its peers
/// and the dealer send it. Computing comes on top.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  cryptab inspect photo --width 512 --height 512 --parties 3 --rtt-ms 40 --mbps 50\n  \
    cryptab inspect relu --count 1000000 --json"
)]
pub(crate) struct Inspect {
    #[command(subcommand)]
    program: Program,
    /// How many parties, 2 to 8.
    #[arg(long, global = true, default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=8))]
    parties: u8,
    /// Milliseconds from a party to the relay and back.
    #[arg(long, global = true, default_value_t = 30.0)]
    rtt_ms: f64,
    /// Megabits per second that a party can download.
    #[arg(long, global = true, default_value_t = 100.0)]
    mbps: f64,
    /// How smooth functions are evaluated.
    #[arg(long, global = true, default_value_t, value_parser = evaluator())]
    evaluator: Evaluator,
}

#[derive(Debug, Subcommand)]
enum Program {
    /// A photo is adjusted.
    Photo {
        /// Pixels in a row.
        #[arg(long, default_value_t = 512)]
        width: u32,
        /// Rows.
        #[arg(long, default_value_t = 512)]
        height: u32,
        /// Weights along a side of the filter, 3 or 5.
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(3..=5))]
        filter: u8,
    },
    /// max(x, 0) of secret numbers.
    Relu(Count),
    /// Comparisons of two secret tensors.
    Lt(Count),
    /// Products of two secret tensors, element by element.
    Mul(Count),
    /// The logistic function of secret numbers.
    Sigmoid(Count),
    /// The product of two secret square matrices.
    Matmul {
        /// Rows and columns.
        #[arg(long, default_value_t = 512)]
        size: usize,
    },
}

#[derive(Args, Debug)]
struct Count {
    /// Elements.
    #[arg(long, default_value_t = 1_000_000)]
    count: usize,
}

impl Inspect {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let format = Format { evaluator: self.evaluator, ..Format::default() };
        let engine = Engine::planner(self.parties, format);
        self.program.record(&engine)?;
        let total = engine.cost();
        let estimate = self.estimate(total);
        let entries = engine.program();
        let object = json!({
            "parties": self.parties,
            "evaluator": self.evaluator,
            "rounds": total.rounds,
            "bytes": total.bytes(),
            "received": (0..self.parties).map(|party| total.received(party)).collect::<Vec<_>>(),
            "dealer_bytes": total.dealer_bytes,
            "rtt_ms": self.rtt_ms,
            "mbps": self.mbps,
            "seconds": estimate,
            "operations": entries.iter().map(operation).collect::<Vec<_>>(),
        });
        let text = format!(
            "{}\n{} parties: {} rounds, at most {} bytes to each peer, {} bytes from the dealer in all.\n\
             At {} ms and {} Mbit/s: about {estimate:.2} s for the network.",
            table(&entries),
            self.parties,
            total.rounds,
            total.bytes(),
            total.dealer_bytes,
            self.rtt_ms,
            self.mbps
        );
        console.show(&text, &object);
        Ok(())
    }

    /// Seconds that the network takes.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn estimate(&self, total: Cost) -> f64 {
        let from_peers = (0..self.parties).map(|party| total.received(party)).max().unwrap_or(0);
        let download = from_peers as f64 + total.dealer_bytes as f64 / f64::from(self.parties);
        f64::from(total.rounds) * self.rtt_ms / 1000.0 + 8.0 * download / (self.mbps * 1e6)
    }
}

impl Program {
    fn record(&self, engine: &Engine) -> Result<(), Failure> {
        let recorded = match self {
            Self::Photo { width, height, filter } => {
                let side = Side::of(usize::from(*filter).pow(2));
                let side = side.ok_or_else(|| Failure::input("a filter's side is 3 or 5"))?;
                let size = Size { width: *width, height: *height };
                let parties = Parties { owner: 0, adjuster: 1 };
                record(engine, parties, size, side, None, None).map(drop)?;
                return Ok(());
            }
            Self::Relu(Count { count }) => engine.input(0, &[*count], None).and_then(|x| x.relu()),
            Self::Lt(Count { count }) => pair(engine, &[*count]).and_then(|(x, y)| x.lt(&y)),
            Self::Mul(Count { count }) => pair(engine, &[*count]).and_then(|(x, y)| x.mul(&y)),
            Self::Sigmoid(Count { count }) => {
                engine.input(0, &[*count], None).and_then(|x| x.sigmoid())
            }
            Self::Matmul { size } => pair(engine, &[*size, *size]).and_then(|(x, y)| x.matmul(&y)),
        };
        recorded.map(drop).map_err(|error| Failure::input(error.to_string()))
    }
}

type Pair = (cryptab_engine::Secret, cryptab_engine::Secret);

fn pair(engine: &Engine, shape: &[usize]) -> cryptab_engine::Result<Pair> {
    Ok((engine.input(0, shape, None)?, engine.input(1, shape, None)?))
}

fn operation(entry: &Entry) -> serde_json::Value {
    json!({
        "name": entry.op.name(),
        "shape": entry.shape,
        "rounds": entry.cost.rounds,
        "bytes": entry.cost.bytes(),
        "dealer_bytes": entry.cost.dealer_bytes,
    })
}

fn table(entries: &[Entry]) -> String {
    let mut lines = vec![format!(
        "{:<12} {:<22} {:>6} {:>14} {:>14}",
        "operation", "shape", "rounds", "bytes", "dealer bytes"
    )];
    lines.extend(entries.iter().map(|entry| {
        let (shape, cost) = (format!("{:?}", entry.shape), entry.cost);
        let name = entry.op.name();
        format!(
            "{name:<12} {shape:<22} {:>6} {:>14} {:>14}",
            cost.rounds,
            cost.bytes(),
            cost.dealer_bytes
        )
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use cryptab_engine::{Engine, Evaluator, Format};

    use super::{Count, Program};

    #[test]
    fn programs_are_recorded_without_data() {
        for parties in [2, 3, 8] {
            let cost = |program: Program| {
                let engine = Engine::planner(parties, 16);
                program.record(&engine).unwrap();
                engine.cost()
            };
            let relu = cost(Program::Relu(Count { count: 1000 }));
            assert!(relu.rounds > 0 && relu.bytes() > 0 && relu.dealer_bytes > 0);
            let photo = cost(Program::Photo { width: 8, height: 8, filter: 3 });
            assert!(photo.rounds > relu.rounds);
        }
    }

    #[test]
    fn evaluators_cost_the_dealer_differently() {
        let [least, most] = Evaluator::ALL.map(|evaluator| {
            let engine = Engine::planner(2, Format { evaluator, ..Format::default() });
            Program::Sigmoid(Count { count: 1000 }).record(&engine).unwrap();
            engine.cost()
        });
        assert_eq!((least.rounds, least.sent), (most.rounds, most.sent));
        assert!(least.dealer_bytes < most.dealer_bytes);
    }
}
