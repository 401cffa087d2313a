//! `cryptab eval`: an expression of the library's functions, with all parties on this machine.

mod inputs;
mod outputs;
mod parties;

use std::path::PathBuf;

use clap::Args;
use cryptab_expression::{Chance, Expression, Scope};
use cryptab_session::{Evaluator, Format};
use serde_json::json;

use crate::console::Console;
use crate::evaluator::evaluator;
use crate::failure::{Failure, Kind};
use crate::route::Way;
use inputs::{Assignment, Inputs};
use outputs::{Outputs, difference};
use parties::{Computed, everybody, rehearse};

/// Evaluate an expression with PyTorch's functions on private arrays.
///
/// Relay, dealer and every party run here and talk through sockets of the loopback, exactly as they
/// would over the Internet; but since one machine holds everything, nothing is private. The result
/// is compared with that of the same expression in the clear, on the inputs as they are shared
/// (rounded to the fraction bits); but where random values are drawn, there is nothing to compare.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Eval {
    /// The expression.
    expression: String,
    /// An input: its name and its file, x=x.npy.
    #[arg(long = "input", value_name = "NAME=FILE")]
    inputs: Vec<Assignment>,
    /// Whose an input is: its name and the party's number, x=1. Otherwise the parties take turns.
    #[arg(long = "owner", value_name = "NAME=PARTY")]
    owners: Vec<Assignment>,
    /// How many parties, 2 to 8.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=8))]
    parties: u8,
    /// Where the result goes; several results y go to y.0.npy, y.1.npy, ... Without it they are
    /// printed.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Fraction bits of real numbers, 0 to 24.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u8).range(0..=24))]
    frac_bits: u8,
    /// How smooth functions are evaluated.
    #[arg(long, default_value_t, value_parser = evaluator())]
    evaluator: Evaluator,
    #[command(flatten)]
    way: Way,
    /// Evaluate in the clear only, in f64.
    #[arg(long)]
    clear: bool,
}

impl Eval {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let expression = Expression::parse(&self.expression)?;
        let inputs = Inputs::read(&self.inputs, &self.owners, self.parties)?;
        inputs.check_names(&expression.names())?;
        let inputs = if self.clear { inputs } else { inputs.rounded(self.frac_bits)? };
        let chance = chance()?;
        let scope = inputs.iter().fold(Scope::clear_with(&chance), |scope, input| {
            scope.with(&input.name, input.public.clone().into())
        });
        let wanted = Outputs::of(&expression.evaluate(&scope)?)?;
        if self.clear {
            let written = wanted.deliver(self.output.as_deref())?;
            let object = json!({ "type": "done", "clear": true, "results": written.objects });
            console.show(&written.text, &object);
            return Ok(());
        }
        let format = Format { frac_bits: self.frac_bits, evaluator: self.evaluator };
        rehearse(&expression, &inputs, self.parties, format)?;
        let computed = everybody(&expression, &inputs, self.parties, format, self.way)?;
        let Computed { results, rounds, bytes, dealer_bytes, seconds } = computed;
        let found = wanted.with_elements(results)?;
        let apart = (!chance.has_drawn()).then(|| difference(&found, &wanted));
        let compared = match apart {
            Some(apart) => {
                format!("Largest difference from the computation in the clear: {apart:.3e}")
            }
            None => "Random values are drawn: there is no result in the clear to compare with."
                .to_owned(),
        };
        let written = found.deliver(self.output.as_deref())?;
        let most = bytes.iter().copied().max().unwrap_or(0);
        let text = format!(
            "{}\n{} parties in {seconds:.3} s, {rounds} rounds; a party sent {most} bytes at most, \
             the dealer {dealer_bytes} to all.\n{compared}",
            written.text, self.parties
        );
        let object = json!({
            "type": "done",
            "clear": false,
            "parties": self.parties,
            "evaluator": self.evaluator,
            "results": written.objects,
            "rounds": rounds,
            "bytes": bytes,
            "dealer_bytes": dealer_bytes,
            "seconds": seconds,
            "max_difference": apart,
        });
        console.show(&text, &object);
        Ok(())
    }
}

/// What random values in the clear are drawn from.
fn chance() -> Result<Chance, Failure> {
    let seed = getrandom::u64();
    let seed =
        seed.map_err(|error| Failure::new(Kind::Bug, format!("no random values: {error}")))?;
    Ok(Chance::new(seed))
}

const AFTER_HELP: &str = "\
Examples:
  cryptab eval 'softmax(x @ w, dim=1)' --input x=x.npy --input w=w.npy --output y.npy
  cryptab eval 'conv2d(x, w, stride=2, padding=1, groups=2)' --input x=x.npy --input w=w.npy \\
      --parties 3 --owner x=2 --output y.npy --json
  cryptab eval 'where(x > 0, x, 0.1 * x)[1:3, ::-1]' --input x=x.npy
  cryptab eval 'bernoulli(p), randint(0, 6, (2, 3))' --input p=p.npy
  cryptab eval 'max(x, dim=1)' --input x=x.npy --output y.npy    # y.0.npy and y.1.npy

Functions, parameters and operators are PyTorch's and Python's. JSON: `bytes` has what each party
sent, `dealer_bytes` what all received from the dealer; `max_difference` is null where random values
are drawn.";
