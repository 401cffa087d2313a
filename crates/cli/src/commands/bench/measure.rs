//! Several parties, one clock.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use cryptab_engine::{Engine, Error, Result, Secret};
use cryptab_net::{JoinOptions, Party};
use cryptab_session::{Format, Role, Route};
use ndarray::ArrayD;
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::time::timeout;

use super::memory::Watch;
use super::photo::Photo;
use super::row::Row;
use super::work::{Job, Operation, Span, Work};
use crate::failure::{Failure, Kind};
use crate::house::House;
use crate::line::Line;
use crate::ready::ready;
use crate::runtime;

/// How it is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) parties: u8,
    pub(crate) repeat: u8,
    pub(crate) line: Line,
    pub(crate) memory: bool,
    pub(crate) format: Format,
    pub(crate) route: Route,
}

/// What the parties share: all of it was there before the first clock started.
struct Scene<'a> {
    runtime: &'a Runtime,
    link: &'a str,
    repeat: u8,
    format: Format,
    route: Route,
    prepared: &'a Prepared<'a>,
    together: &'a Barrier,
    /// The most memory of the first run, if that is wanted.
    peak: Option<&'a OnceLock<u64>>,
}

/// A job with its data and the result that must come out.
enum Prepared<'a> {
    Operation { operation: &'a Operation, inputs: Vec<ArrayD<f64>>, expected: Vec<f64> },
    Photo(Photo),
}

/// Measures a work `repeat` times after one that is not counted: the median.
pub(crate) fn measure(work: &Work, setting: Setting) -> std::result::Result<Row, Failure> {
    let Setting { parties, repeat, line, memory, format, route } = setting;
    let prepared = Prepared::new(&work.job);
    let rounds = prepared
        .declared_rounds(parties, format)
        .map_err(|error| Failure::new(Kind::Bug, error.to_string()))?;
    let runtime = runtime::start()?;
    let house = runtime.block_on(House::open_behind(line))?;
    let link = house.link(parties, "tensor")?;
    let together = Barrier::new(usize::from(parties));
    let measured = OnceLock::new();
    let peak = memory.then_some(&measured);
    let (runtime, link, prepared, together) = (&runtime, &link[..], &prepared, &together);
    let scene = Scene { runtime, link, repeat, format, route, prepared, together, peak };
    let sides: Vec<Vec<Row>> = thread::scope(|scope| {
        let scene = &scene;
        let threads: Vec<_> =
            (0..parties).map(|slot| scope.spawn(move || scene.one_side(slot))).collect();
        let ended = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| Err(Failure::new(Kind::Bug, "a party panicked")))
        });
        ended.collect::<std::result::Result<_, _>>()
    })?;
    let mut rows: Vec<Row> = (0..usize::from(repeat))
        .map(|run| {
            sides.iter().fold(Row { rounds, ..Row::default() }, |row, side| row.with(&side[run]))
        })
        .collect();
    let mut online: Vec<f64> = rows.iter().filter_map(|row| row.online_seconds).collect();
    online.sort_by(f64::total_cmp);
    let online_seconds = online.get(online.len() / 2).copied();
    rows.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let max_error = rows.iter().map(|row| row.max_error).fold(0.0, f64::max);
    let held = 8 * u64::from(parties) * work.input_len() as u64;
    let peak_memory = measured.get().map(|more| more + held);
    Ok(Row { online_seconds, max_error, peak_memory, ..rows[rows.len() / 2] })
}

impl Row {
    /// Together with what another party saw: a run has ended when all have ended.
    fn with(self, other: &Self) -> Self {
        Self {
            seconds: self.seconds.max(other.seconds),
            online_seconds: match (self.online_seconds, other.online_seconds) {
                (Some(one), Some(other)) => Some(one.max(other)),
                (one, other) => one.or(other),
            },
            bytes: self.bytes.max(other.bytes),
            dealer_bytes: self.dealer_bytes + other.dealer_bytes,
            max_error: self.max_error.max(other.max_error),
            ..self
        }
    }
}

impl<'a> Prepared<'a> {
    fn new(job: &'a Job) -> Self {
        match job {
            Job::Photo(side) => Self::Photo(Photo::new(*side)),
            Job::Operation(operation) => {
                let inputs: Vec<_> = (0..)
                    .zip(&operation.inputs)
                    .map(|(owner, input)| input.numbers(owner))
                    .collect();
                let expected = (operation.clear)(&inputs);
                Self::Operation { operation, inputs, expected }
            }
        }
    }

    /// Rounds from inputs to the shares of the result, or to the result where the clock runs until
    /// then.
    fn declared_rounds(&self, parties: u8, format: Format) -> Result<u32> {
        let engine = Engine::planner(parties, format);
        match self {
            Self::Photo(photo) => photo.plan(&engine)?,
            Self::Operation { operation, .. } => {
                let result = operation.plan(&engine)?;
                if operation.span == Span::Whole {
                    result.reveal().map(drop)?;
                }
            }
        }
        Ok(engine.cost().rounds)
    }
}

impl Operation {
    pub(crate) fn result_len(&self, parties: u8) -> usize {
        self.plan(&Engine::planner(parties, 16)).map_or(0, |result| result.numel())
    }

    fn plan(&self, engine: &Engine) -> Result<Secret> {
        let inputs: Vec<Secret> = (0..)
            .zip(&self.inputs)
            .map(|(owner, input)| input.share(engine, owner, None))
            .collect::<Result<_>>()?;
        (self.private)(&inputs)
    }
}

impl Scene<'_> {
    fn one_side(&self, slot: u8) -> std::result::Result<Vec<Row>, Failure> {
        runtime::run_party(self.runtime, async {
            let mut options = JoinOptions::new(self.link, &format!("party {slot}"), Role::Help)?;
            options.join.slot = Some(slot);
            options.join.format = self.format;
            options.join.route = self.route;
            let party = Party::join(options).await?;
            let engine = ready(&party).await?;
            let explained = |error| Failure::from(party.explain(error));
            let mut rows = Vec::new();
            for run in 0..=self.repeat {
                let row = self.run(&engine, slot == 0 && run == 0).await.map_err(explained)?;
                if run > 0 {
                    rows.push(row);
                }
            }
            self.meet().await.map_err(explained)?;
            party.close().await;
            Ok(rows)
        })
    }

    async fn run(&self, engine: &Engine, watched: bool) -> Result<Row> {
        let peak = self.peak.filter(|_| watched);
        match self.prepared {
            Prepared::Photo(photo) => self.photo(engine, photo, peak).await,
            Prepared::Operation { operation, inputs, expected } => {
                let row = match operation.span {
                    Span::Shares => {
                        self.to_shares(engine, operation, (inputs, expected), peak).await?
                    }
                    Span::Whole => self.whole(engine, operation, (inputs, expected), peak).await?,
                };
                let online = self.online(engine, operation, (inputs, expected)).await?;
                Ok(Row {
                    max_error: row.max_error.max(online.max_error),
                    online_seconds: Some(online.seconds),
                    ..row
                })
            }
        }
    }

    async fn to_shares(
        &self,
        engine: &Engine,
        operation: &Operation,
        (inputs, expected): (&[ArrayD<f64>], &[f64]),
        peak: Option<&OnceLock<u64>>,
    ) -> Result<Row> {
        let shared = share(engine, operation, inputs)?;
        for input in &shared {
            input.local_share().await?;
        }
        self.meet().await?;
        let clock = Clock::start(engine, peak);
        let result = (operation.private)(&shared)?;
        result.local_share().await?;
        let row = clock.stop(engine);
        self.meet().await?;
        let revealed = result.reveal()?.await?;
        self.meet().await?;
        Ok(Row { max_error: largest_difference(&revealed, expected), ..row })
    }

    async fn whole(
        &self,
        engine: &Engine,
        operation: &Operation,
        (inputs, expected): (&[ArrayD<f64>], &[f64]),
        peak: Option<&OnceLock<u64>>,
    ) -> Result<Row> {
        self.meet().await?;
        let clock = Clock::start(engine, peak);
        let shared = share(engine, operation, inputs)?;
        let revealed = (operation.private)(&shared)?.reveal()?.await?;
        let row = clock.stop(engine);
        self.meet().await?;
        Ok(Row { max_error: largest_difference(&revealed, expected), ..row })
    }

    /// From the inputs on, which come when the dealer is done.
    async fn online(
        &self,
        engine: &Engine,
        operation: &Operation,
        (inputs, expected): (&[ArrayD<f64>], &[f64]),
    ) -> Result<Row> {
        let mut shared = Vec::with_capacity(inputs.len());
        let mut late = Vec::new();
        for (owner, (input, numbers)) in (0..).zip(operation.inputs.iter().zip(inputs)) {
            if engine.me() == owner {
                let (secret, place) = input.share_later(engine)?;
                shared.push(secret);
                late.push((place, numbers.as_slice().unwrap_or_default()));
            } else {
                shared.push(input.share(engine, owner, None)?);
            }
        }
        let result = (operation.private)(&shared)?;
        let revealed = match operation.span {
            Span::Whole => Some(result.reveal()?),
            Span::Shares => None,
        };
        engine.dealt().await?;
        self.meet().await?;
        let clock = Clock::start(engine, None);
        for (mut place, numbers) in late {
            place.enter(numbers)?;
        }
        let (row, revealed) = match revealed {
            Some(revealed) => {
                let revealed = revealed.await?;
                (clock.stop(engine), revealed)
            }
            None => {
                result.local_share().await?;
                let row = clock.stop(engine);
                self.meet().await?;
                (row, result.reveal()?.await?)
            }
        };
        self.meet().await?;
        Ok(Row { max_error: largest_difference(&revealed, expected), ..row })
    }

    async fn photo(
        &self,
        engine: &Engine,
        photo: &Photo,
        peak: Option<&OnceLock<u64>>,
    ) -> Result<Row> {
        self.meet().await?;
        let clock = Clock::start(engine, peak);
        let result = photo.develop(engine).await?;
        let row = clock.stop(engine);
        self.meet().await?;
        Ok(Row { max_error: result.map_or(0.0, |result| photo.difference(&result)), ..row })
    }

    /// Waits for the other parties; not for ever, since one may have failed.
    async fn meet(&self) -> Result<()> {
        timeout(PATIENCE, self.together.wait()).await.map(drop).map_err(|_| Error::Ended)
    }
}

fn share(engine: &Engine, operation: &Operation, inputs: &[ArrayD<f64>]) -> Result<Vec<Secret>> {
    let entered = (0..).zip(operation.inputs.iter().zip(inputs));
    entered.map(|(owner, (input, numbers))| input.share(engine, owner, Some(numbers))).collect()
}

fn largest_difference(found: &[f64], wanted: &[f64]) -> f64 {
    if found.len() != wanted.len() {
        return f64::INFINITY;
    }
    let differences = found.iter().zip(wanted).map(|(found, wanted)| (found - wanted).abs());
    differences.fold(0.0, f64::max)
}

struct Clock<'a> {
    memory: Option<(Watch, &'a OnceLock<u64>)>,
    start: Instant,
    bytes: u64,
    dealer_bytes: u64,
}

impl<'a> Clock<'a> {
    fn start(engine: &Engine, peak: Option<&'a OnceLock<u64>>) -> Self {
        let progress = engine.progress();
        Self {
            memory: peak.and_then(|peak| Some((Watch::start()?, peak))),
            start: Instant::now(),
            bytes: progress.bytes_sent,
            dealer_bytes: progress.dealer_bytes,
        }
    }

    fn stop(&self, engine: &Engine) -> Row {
        let seconds = self.start.elapsed().as_secs_f64();
        let progress = engine.progress();
        if let Some((watch, peak)) = &self.memory {
            watch.stop().map(|more| peak.set(more));
        }
        Row {
            seconds,
            bytes: progress.bytes_sent - self.bytes,
            dealer_bytes: progress.dealer_bytes - self.dealer_bytes,
            ..Row::default()
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(300);
