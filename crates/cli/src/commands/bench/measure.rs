//! Two parties, one clock.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cryptab_engine::Engine;
use cryptab_net::{JoinOptions, Party};
use cryptab_photo::{Parties, Side, clear, record};
use cryptab_session::Role;
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::time::timeout;

use super::work::{Work, adjustment, input, numbers, picture};
use crate::failure::{Failure, Kind};
use crate::house::House;
use crate::ready::ready;
use crate::runtime;

/// One line of the table.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row {
    pub(crate) seconds: f64,
    pub(crate) rounds: u32,
    /// What one party sends.
    pub(crate) bytes: u64,
    /// What both parties receive from the dealer.
    pub(crate) dealer_bytes: u64,
    pub(crate) max_error: f64,
}

/// Measures `repeat` times after one that is not counted.
pub(crate) fn measure(work: &Work, repeat: u8) -> Result<Row, Failure> {
    let runtime = runtime::start()?;
    let house = runtime.block_on(House::open())?;
    let link = house.link(2, "tensor")?;
    let together = Arc::new(Barrier::new(2));
    let sides = thread::scope(|scope| {
        let threads = [0, 1].map(|slot| {
            let (link, runtime, together) = (&link, &runtime, Arc::clone(&together));
            scope.spawn(move || one_side(runtime, link, slot, work, repeat, &together))
        });
        threads.map(|thread| {
            thread.join().unwrap_or_else(|_| Err(Failure::new(Kind::Bug, "a party panicked")))
        })
    });
    let [mine, theirs] = sides;
    let (mine, theirs) = (mine?, theirs?);
    let rounds =
        declared_rounds(work).map_err(|error| Failure::new(Kind::Bug, error.to_string()))?;
    // A run has ended when both have.
    let mut rows: Vec<Row> = mine
        .iter()
        .zip(&theirs)
        .map(|(mine, theirs)| Row {
            seconds: mine.seconds.max(theirs.seconds),
            rounds,
            bytes: mine.bytes.max(theirs.bytes),
            dealer_bytes: mine.dealer_bytes + theirs.dealer_bytes,
            max_error: mine.max_error.max(theirs.max_error),
        })
        .collect();
    rows.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    Ok(rows[rows.len() / 2])
}

fn one_side(
    runtime: &Runtime,
    link: &str,
    slot: u8,
    work: &Work,
    repeat: u8,
    together: &Barrier,
) -> Result<Vec<Row>, Failure> {
    runtime::run_party(runtime, async {
        let mut options =
            JoinOptions::new(link, if slot == 0 { "first" } else { "second" }, Role::Help)?;
        options.slot = Some(slot);
        let party = Party::join(options).await?;
        let engine = ready(&party).await?;
        let mut rows = Vec::new();
        for run in 0..=repeat {
            let row = match work {
                Work::Photo(side) => photo(&engine, *side, together).await,
                work => operation(&engine, work, together).await,
            };
            let row = row.map_err(|error| Failure::from(party.explain(error)))?;
            if run > 0 {
                rows.push(row);
            }
        }
        meet(together).await.map_err(|error| Failure::from(party.explain(error)))?;
        party.close().await;
        Ok(rows)
    })
}

async fn operation(
    engine: &Engine,
    work: &Work,
    together: &Barrier,
) -> cryptab_engine::Result<Row> {
    let shape = work.shape();
    let (x, y) = (input(engine, 0, &shape)?, input(engine, 1, &shape)?);
    x.local_share().await?;
    y.local_share().await?;
    meet(together).await?;
    let clock = Clock::start(engine);
    let result = work.record(&x, &y)?;
    result.local_share().await?;
    let row = clock.stop(engine);

    let revealed = result.reveal()?.await?;
    let count = shape.iter().product();
    let expected = work.expected(&numbers(0, count), &numbers(1, count));
    let errors = revealed.iter().zip(&expected).map(|(found, wanted)| (found - wanted).abs());
    meet(together).await?;
    Ok(Row { max_error: errors.fold(0.0, f64::max), ..row })
}

async fn photo(engine: &Engine, side: u32, together: &Barrier) -> cryptab_engine::Result<Row> {
    let (size, rgb) = picture(side);
    let adjust = adjustment();
    let parties = Parties { owner: 0, adjuster: 1 };
    let mine = (engine.me() == 0).then_some(&rgb[..]);
    let secret = (engine.me() == 1).then_some(&adjust);
    meet(together).await?;
    let clock = Clock::start(engine);
    let run = record(engine, parties, size, Side::Three, mine, secret).map_err(engine_error)?;
    let (result, _) = run.finish().await.map_err(engine_error)?;
    let row = clock.stop(engine);
    meet(together).await?;
    let apart = |result: Vec<u8>| {
        let expected = clear(&rgb, size, &adjust);
        result.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
    };
    Ok(Row { max_error: f64::from(result.map_or(0, apart)), ..row })
}

/// Rounds from shared inputs to the shares of the result (photo: to its reveal).
fn declared_rounds(work: &Work) -> cryptab_engine::Result<u32> {
    let engine = Engine::planner(2, 16);
    match work {
        Work::Photo(side) => {
            let (size, parties) = (picture(*side).0, Parties { owner: 0, adjuster: 1 });
            record(&engine, parties, size, Side::Three, None, None)
                .map_err(engine_error)
                .map(drop)?;
        }
        _ => {
            let shape = work.shape();
            let (x, y) = (engine.input(0, &shape, None)?, engine.input(1, &shape, None)?);
            work.record(&x, &y).map(drop)?;
        }
    }
    Ok(engine.cost().rounds)
}

/// Waits for the other party; not for ever, since it may have failed.
async fn meet(together: &Barrier) -> cryptab_engine::Result<()> {
    match timeout(PATIENCE, together.wait()).await {
        Ok(_) => Ok(()),
        Err(_) => Err(cryptab_engine::Error::Ended),
    }
}

struct Clock {
    start: Instant,
    bytes: u64,
    dealer_bytes: u64,
}

impl Clock {
    fn start(engine: &Engine) -> Self {
        let progress = engine.progress();
        Self {
            start: Instant::now(),
            bytes: progress.bytes_sent,
            dealer_bytes: progress.dealer_bytes,
        }
    }

    fn stop(&self, engine: &Engine) -> Row {
        let seconds = self.start.elapsed().as_secs_f64();
        let progress = engine.progress();
        Row {
            seconds,
            rounds: 0,
            bytes: progress.bytes_sent - self.bytes,
            dealer_bytes: progress.dealer_bytes - self.dealer_bytes,
            max_error: 0.0,
        }
    }
}

fn engine_error(error: cryptab_photo::Error) -> cryptab_engine::Error {
    match error {
        cryptab_photo::Error::Engine(error) => error,
        error => cryptab_engine::Error::Misuse { operation: "photo", reason: error.to_string() },
    }
}

const PATIENCE: Duration = Duration::from_secs(60);
