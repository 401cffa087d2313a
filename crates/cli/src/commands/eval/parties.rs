//! The parties of an evaluation, each on a thread of its own.

use std::thread;
use std::time::{Duration, Instant};

use cryptab_engine::Engine;
use cryptab_expression::{Expression, Scope, Tensor, Value};
use cryptab_net::{JoinOptions, Party};
use cryptab_session::{Format, Role};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::time::timeout;

use super::inputs::Inputs;
use super::outputs::leaves;
use crate::failure::{Failure, Kind};
use crate::house::House;
use crate::ready::ready;
use crate::route::Way;
use crate::runtime;

/// What all parties together have when it is over.
pub(crate) struct Computed {
    /// The elements of each result.
    pub(crate) results: Vec<Vec<f64>>,
    pub(crate) rounds: u32,
    /// What each party sent to all peers, without framing.
    pub(crate) bytes: Vec<u64>,
    /// What all parties received.
    pub(crate) dealer_bytes: u64,
    /// From the first operation until the last party has the results.
    pub(crate) seconds: f64,
}

/// What one party has.
struct Share {
    results: Vec<Vec<f64>>,
    rounds: u32,
    bytes: u64,
    dealer_bytes: u64,
    time: Duration,
}

/// Records the expression without data: what cannot be computed in private is refused here.
pub(crate) fn rehearse(
    expression: &Expression,
    inputs: &Inputs,
    parties: u8,
    format: Format,
) -> Result<(), Failure> {
    record(expression, inputs, &Engine::planner(parties, format), format, false).map(drop)
}

/// Evaluates with all parties.
pub(crate) fn everybody(
    expression: &Expression,
    inputs: &Inputs,
    parties: u8,
    format: Format,
    way: Way,
) -> Result<Computed, Failure> {
    let runtime = runtime::start()?;
    let house = runtime.block_on(House::open())?;
    let link = house.link(parties, "tensor")?;
    let together = Barrier::new(usize::from(parties));
    let shares: Vec<Share> = thread::scope(|scope| {
        let (link, runtime, together) = (&link[..], &runtime, &together);
        let threads = (0..parties).map(|slot| {
            scope.spawn(move || {
                one(runtime, (link, way), slot, expression, inputs, format, together)
            })
        });
        let threads: Vec<_> = threads.collect();
        let ended = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| Err(Failure::new(Kind::Bug, "a party panicked")))
        });
        ended.collect::<Result<_, _>>()
    })?;
    if shares.iter().any(|share| share.results != shares[0].results) {
        return Err(Failure::new(Kind::Bug, "the parties have different results"));
    }
    let time = shares.iter().map(|share| share.time).max().unwrap_or_default();
    Ok(Computed {
        rounds: shares.iter().map(|share| share.rounds).max().unwrap_or(0),
        bytes: shares.iter().map(|share| share.bytes).collect(),
        dealer_bytes: shares.iter().map(|share| share.dealer_bytes).sum(),
        seconds: time.as_secs_f64(),
        results: shares.into_iter().next().map(|share| share.results).unwrap_or_default(),
    })
}

fn one(
    runtime: &Runtime,
    (link, way): (&str, Way),
    slot: u8,
    expression: &Expression,
    inputs: &Inputs,
    format: Format,
    together: &Barrier,
) -> Result<Share, Failure> {
    runtime::run_party(runtime, async {
        let mut options = JoinOptions::new(link, &format!("party {slot}"), Role::Help)?;
        options.join.slot = Some(slot);
        options.join.format = format;
        options.join.route = way.route;
        let party = Party::join(options).await?;
        let engine = ready(&party).await?;
        meet(together).await?;
        let start = Instant::now();
        let results = compute(&party, &engine, expression, inputs, format).await?;
        let time = start.elapsed();
        let progress = engine.progress();
        meet(together).await?;
        party.close().await;
        Ok(Share {
            results,
            rounds: engine.cost().rounds,
            bytes: progress.bytes_sent,
            dealer_bytes: progress.dealer_bytes,
            time,
        })
    })
}

async fn compute(
    party: &Party,
    engine: &Engine,
    expression: &Expression,
    inputs: &Inputs,
    format: Format,
) -> Result<Vec<Vec<f64>>, Failure> {
    let explained = |error| Failure::from(party.explain(error));
    let value = record(expression, inputs, engine, format, true)?;
    // All are asked for before any is awaited: they share a round.
    let mut pending = Vec::new();
    for leaf in leaves(&value) {
        pending.push(match leaf {
            Value::Tensor(Tensor::Secret(secret)) => Ok(secret.reveal().map_err(explained)?),
            leaf => Err(leaf.public().map(|public| public.elements()).unwrap_or_default()),
        });
    }
    let mut results = Vec::with_capacity(pending.len());
    for result in pending {
        results.push(match result {
            Ok(pending) => pending.await.map_err(explained)?,
            Err(known) => known,
        });
    }
    Ok(results)
}

fn record(
    expression: &Expression,
    inputs: &Inputs,
    engine: &Engine,
    format: Format,
    with_data: bool,
) -> Result<Value, Failure> {
    let mut scope = Scope::private(engine, format.frac_bits);
    for input in inputs.iter() {
        let data = (with_data && input.owner == engine.me()).then(|| input.public.elements());
        let what = (input.public.shape(), input.public.kind());
        scope = scope
            .with_input(&input.name, input.owner, what, data.as_deref())
            .map_err(|error| Failure::input(error.to_string()))?;
    }
    Ok(expression.evaluate(&scope)?)
}

/// Waits for the other parties; not for ever, since one may have failed.
async fn meet(together: &Barrier) -> Result<(), Failure> {
    let late = |_| Failure::new(Kind::Peer, "another party has failed");
    timeout(PATIENCE, together.wait()).await.map(drop).map_err(late)
}

const PATIENCE: Duration = Duration::from_secs(60);
