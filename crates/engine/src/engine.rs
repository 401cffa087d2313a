mod integers;
mod later;
mod random;
mod resume;

use std::cell::Cell;
use std::fmt;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use bytes::Bytes;
use cryptab_correlation::{Correction, Seed, SessionId};
use cryptab_tensor::Codec;

use crate::constant;
use crate::core::{Core, EngineConfig, RevealPolicy};
use crate::exchange::Departure;
use crate::op::Op;
use crate::protocol::input;
use crate::tape::Entry;
use crate::{Cost, Error, Format, Result, Secret};

pub use later::LateInput;

/// One party's computation, without sockets, clocks or threads.
///
/// Its contract, in full: [`Engine::receive`] what peers send and [`Engine::receive_correction`]
/// what the dealer sends; [`Engine::poll`] after anything happened, and deliver what it returns.
/// Handles resolve when their results are there.
#[derive(Clone)]
pub struct Engine {
    core: Rc<Core>,
    statistics: Rc<Statistics>,
    plans: bool,
}

#[derive(Default)]
struct Statistics {
    rounds: Cell<u32>,
    bytes: Cell<u64>,
    dealer_bytes: Cell<u64>,
}

/// A message that must be delivered.
#[derive(Clone, Debug)]
pub enum Outgoing {
    /// To the engine of party `to`.
    Peer {
        /// The receiver.
        to: u8,
        /// The bytes.
        message: Vec<u8>,
    },
    /// To the dealer: a request.
    Dealer(Vec<u8>),
}

/// How far a computation is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Progress {
    /// Rounds of openings sent.
    pub rounds_done: u32,
    /// Rounds of everything recorded so far.
    pub rounds_total: u32,
    /// Bytes of openings sent, to all peers together, without framing.
    pub bytes_sent: u64,
    /// Bytes of corrections received.
    pub dealer_bytes: u64,
    /// The peers whose shares are missing.
    pub waiting_for: Vec<u8>,
    /// Whether a correction is missing.
    pub waiting_for_dealer: bool,
    /// The operation that is opened now, by name.
    pub stage: &'static str,
}

impl Engine {
    /// An engine for one session.
    #[must_use]
    pub fn new(config: EngineConfig) -> Self {
        Self { core: Core::new(config), statistics: Rc::default(), plans: false }
    }

    /// An engine that only plans: records a program without data, to know what it costs.
    #[must_use]
    pub fn planner(parties: u8, format: impl Into<Format>) -> Self {
        let config = EngineConfig {
            me: 0,
            parties,
            session: SessionId([0; 32]),
            seed: Seed::from_bytes([0; 32]),
            own: Seed::from_bytes([0; 32]),
            format: format.into(),
            dealer_credit: 0,
            reveal: RevealPolicy::Any,
        };
        Self { plans: true, ..Self::new(config) }
    }

    /// Takes a peer's message.
    ///
    /// # Errors
    /// If the peer is at fault; the engine has failed then.
    pub fn receive(&self, peer: u8, message: &[u8]) -> Result<()> {
        self.alive()?;
        self.failing(self.core.receive(peer, message))
    }

    /// Takes a correction of the dealer.
    ///
    /// # Errors
    /// If the dealer is at fault; the engine has failed then.
    pub fn receive_correction(&self, message: impl Into<Bytes>) -> Result<()> {
        let message = message.into();
        self.alive()?;
        let arrived = Correction::from_bytes(&message)
            .map_err(|error| Error::dealer(format!("sent a {error}")))
            .and_then(|correction| self.core.dealings.borrow_mut().receive(correction));
        let arrived = self.failing(arrived)?;
        self.statistics
            .dealer_bytes
            .set(self.statistics.dealer_bytes.get() + message.len() as u64 - 8);
        arrived();
        self.core.tell_if_dealt();
        Ok(())
    }

    /// Runs all work that can run; returns what must be delivered, or nothing: then it waits.
    #[must_use]
    pub fn poll(&self) -> Vec<Outgoing> {
        self.core.news.set(false);
        let mut outgoing = Vec::new();
        if self.core.failure.borrow().is_none() {
            let _ = self.failing(self.core.read_early());
        }
        let peer = |(to, message)| Outgoing::Peer { to, message };
        outgoing.extend(self.core.take_disputes().into_iter().map(peer));
        if self.core.failure.borrow().is_some() || self.core.in_dispute() {
            return outgoing;
        }
        let requests = self.core.dealings.borrow_mut().flush();
        outgoing.extend(requests.into_iter().map(Outgoing::Dealer));
        loop {
            self.core.queue.run();
            let completed = self.core.exchange.borrow_mut().completed();
            if completed.is_empty() {
                break;
            }
            completed.into_iter().for_each(|complete| complete());
        }
        // What came in may have shown that nothing more may be opened.
        if self.core.failure.borrow().is_some() {
            return outgoing;
        }
        if self.core.exchange.borrow().has_outgoing() && !self.core.queue.awaits_dealer() {
            let leaving = self.core.exchange.borrow_mut().leaving();
            outgoing.extend(self.flush());
            leaving.iter().for_each(|sent| sent.set(()));
            self.core.queue.run();
        }
        outgoing
    }

    /// Everything that is opened now leaves as one frame per peer: a round.
    fn flush(&self) -> Vec<Outgoing> {
        let round = self.statistics.rounds.get() + 1;
        self.statistics.rounds.set(round);
        let tape = self.core.tape.borrow();
        let hash = |operations| tape.hash_at(operations).expect("operations recorded here");
        let departures = self.core.exchange.borrow_mut().flush(round, hash);
        let bytes: usize = departures.iter().map(|departure| departure.bytes).sum();
        self.statistics.bytes.set(self.statistics.bytes.get() + bytes as u64);
        let outgoing = departures.into_iter();
        outgoing.map(|Departure { to, message, .. }| Outgoing::Peer { to, message }).collect()
    }

    /// Resolves when operations were recorded since the last poll.
    pub fn recorded(&self) -> impl Future<Output = ()> + use<> {
        let core = Rc::clone(&self.core);
        poll_fn(move |context| {
            core.waker.register(context.waker());
            if core.news.get() { Poll::Ready(()) } else { Poll::Pending }
        })
    }

    /// Ends the computation: every pending result resolves to this error.
    pub fn fail(&self, error: Error) {
        self.core.fail(error);
    }

    /// Why the computation has ended, if it has.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        self.core.failure.borrow().clone()
    }

    /// How far the computation is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let exchange = self.core.exchange.borrow();
        let tape = self.core.tape.borrow();
        let stage = exchange.stage().and_then(|op| tape.entries().get(op as usize));
        Progress {
            rounds_done: self.statistics.rounds.get().max(self.core.rounds_seen.get()),
            rounds_total: self.core.cost.get().rounds,
            bytes_sent: self.statistics.bytes.get(),
            dealer_bytes: self.statistics.dealer_bytes.get(),
            waiting_for: exchange.missing(),
            waiting_for_dealer: self.core.dealings.borrow().awaits(),
            stage: stage.map_or("", |entry| entry.op.name()),
        }
    }

    /// What everything recorded so far costs.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.core.cost.get()
    }

    /// The operations recorded so far, each with its cost.
    #[must_use]
    pub fn program(&self) -> Vec<Entry> {
        self.core.tape.borrow().entries().to_vec()
    }

    /// This party's number.
    #[must_use]
    pub fn me(&self) -> u8 {
        self.core.config.me
    }

    /// How many parties compute.
    #[must_use]
    pub fn parties(&self) -> u8 {
        self.core.config.parties
    }

    /// Enters a private tensor of party `owner`, who alone passes `data`; others give the shape.
    ///
    /// Fixed point with the session's fraction bits: error at most half a unit. Free.
    ///
    /// ```
    /// # use cryptab_testkit::World;
    /// // Every party runs this; party 0 alone has the data.
    /// let results = World::new(2, 1).reveal(|engine| {
    ///     let mine = (engine.me() == 0).then_some(&[1.5, -2.0][..]);
    ///     engine.input(0, &[2], mine)
    /// });
    /// assert!(results.into_iter().all(|result| result.is_ok_and(|x| x == [1.5, -2.0])));
    /// ```
    ///
    /// # Errors
    /// If the data do not fit the shape, are not finite or out of range, or if the owner has
    /// none or another party has some.
    pub fn input(&self, owner: u8, shape: &[usize], data: Option<&[f64]>) -> Result<Secret> {
        self.input_scaled(owner, shape, data, self.core.config.format.frac_bits)
    }

    /// As [`Engine::input`], with `frac` fraction bits (0: integers).
    ///
    /// # Errors
    /// As [`Engine::input`].
    pub fn input_scaled(
        &self,
        owner: u8,
        shape: &[usize],
        data: Option<&[f64]>,
        frac: u8,
    ) -> Result<Secret> {
        const OPERATION: &str = "input";
        if owner >= self.parties() {
            return Err(Error::misuse(OPERATION, format!("there is no party {owner}")));
        }
        let data = match (owner == self.me(), data) {
            (true, Some(data)) => Some(encode(OPERATION, shape, data, frac)?),
            (true, None) if !self.plans => {
                return Err(Error::misuse(OPERATION, "the data of this party are missing"));
            }
            (_, None) => None,
            (false, Some(_)) => {
                return Err(Error::misuse(OPERATION, format!("the data belong to party {owner}")));
            }
        };
        self.core.enter(data.as_deref().unwrap_or_default());
        let op = Op::Input { owner, shape: wide(shape), frac };
        Secret::record_number(&self.core, op, shape, |_| input::share(owner, shape, frac, data))
    }

    /// A tensor that all parties know. Free.
    ///
    /// It has as few fraction bits as make it exact, else 28 significant bits, so that its own
    /// rounding does not show; what is computed with it has the scale of the secret operand, or
    /// the session's.
    ///
    /// ```
    /// # use cryptab_testkit::World;
    /// let results = World::new(2, 1).reveal(|engine| {
    ///     let x = engine.input(0, &[2], (engine.me() == 0).then_some(&[1.5, -2.0][..]))?;
    ///     x.add(&engine.constant(&[], &[0.5])?) // a number for all elements
    /// });
    /// assert!(results.into_iter().all(|result| result.is_ok_and(|x| x == [2.0, -1.5])));
    /// ```
    ///
    /// # Errors
    /// If the data do not fit the shape, are not finite or out of range.
    pub fn constant(&self, shape: &[usize], data: &[f64]) -> Result<Secret> {
        let (elements, frac) = constant::encode(data)?;
        self.public(shape, elements, frac)
    }

    /// As [`Engine::constant`], with `frac` fraction bits (0: integers).
    ///
    /// # Errors
    /// As [`Engine::constant`].
    pub fn constant_scaled(&self, shape: &[usize], data: &[f64], frac: u8) -> Result<Secret> {
        self.public(shape, encode("constant", shape, data, frac)?, frac)
    }

    fn public(&self, shape: &[usize], elements: Vec<u64>, frac: u8) -> Result<Secret> {
        Secret::public(&self.core, shape, elements, frac)
    }

    fn alive(&self) -> Result<()> {
        self.error().map_or(Ok(()), Err)
    }

    fn failing<T>(&self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.core.fail(error.clone());
        }
        result
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (me, parties) = (self.me(), self.parties());
        f.debug_struct("Engine").field("me", &me).field("parties", &parties).finish_non_exhaustive()
    }
}

fn encode(operation: &'static str, shape: &[usize], data: &[f64], frac: u8) -> Result<Vec<u64>> {
    let count: usize = shape.iter().product();
    if data.len() != count {
        let reason = format!("{} numbers for shape {shape:?}, which has {count}", data.len());
        return Err(Error::input(operation, reason));
    }
    Codec::new(u32::from(frac))
        .and_then(|codec| codec.encode(data))
        .map_err(|error| Error::input(operation, error.to_string()))
}

pub(crate) fn wide(shape: &[usize]) -> Vec<u64> {
    shape.iter().map(|&size| size as u64).collect()
}
