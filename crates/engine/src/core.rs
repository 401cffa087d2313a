//! One party's state, shared by the engine and the handles.

mod fingerprints;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Waker;

use cryptab_correlation::{Expander, Seed, SessionId};
use cryptab_wire::{EngineMessage, encode_dispute};
use futures::task::AtomicWaker;

use crate::dealings::Dealings;
use crate::exchange::Exchange;
use crate::lazy::Queue;
use crate::op::Op;
use crate::recorder::Recorder;
use crate::tape::Tape;
use crate::views::Views;
use crate::{Cost, Error, Format, Result};

pub(crate) use fingerprints::Fingerprints;

/// What an engine is told when it starts.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// This party's number.
    pub me: u8,
    /// How many parties compute.
    pub parties: u8,
    /// Name of the session, never used before.
    pub session: SessionId,
    /// What this party shares with the dealer.
    pub seed: Seed,
    /// What this party alone knows: its part of random values. Fresh for every session, from the
    /// operating system's generator; not what it shares with the dealer.
    pub own: Seed,
    /// What the parties agreed on.
    pub format: Format,
    /// Bytes of corrections that may be under way at a time.
    pub dealer_credit: usize,
    /// What may be revealed.
    pub reveal: RevealPolicy,
}

/// What a party agrees to reveal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RevealPolicy {
    /// Any result, to anybody.
    Any,
    /// Results only to the party with this number.
    OnlyTo(u8),
    /// Nothing.
    Nothing,
}

pub(crate) struct Core {
    pub(crate) config: EngineConfig,
    pub(crate) queue: Rc<Queue>,
    pub(crate) expander: Expander,
    pub(crate) exchange: RefCell<Exchange>,
    pub(crate) dealings: RefCell<Dealings>,
    pub(crate) tape: RefCell<Tape>,
    pub(crate) views: RefCell<Views>,
    pub(crate) cost: Cell<Cost>,
    pub(crate) failure: RefCell<Option<Error>>,
    pub(crate) waker: AtomicWaker,
    pub(crate) news: Cell<bool>,
    /// Frames of operations that are not recorded here yet, per peer.
    early: RefCell<Vec<Vec<Early>>>,
    /// How many of each peer may wait.
    pub(crate) early_limits: RefCell<Vec<usize>>,
    /// Of what is recorded, where that is wanted.
    pub(crate) fingerprints: RefCell<Option<Fingerprints>>,
    /// Whoever waits for results, to be told of a failure.
    waiting: RefCell<Vec<Waker>>,
    /// Whoever waits for the dealer.
    until_dealt: RefCell<Vec<Waker>>,
    /// The most rounds that a peer has sent something in.
    pub(crate) rounds_seen: Cell<u32>,
    /// Disputes on their way out.
    disputes: RefCell<Vec<(u8, Vec<u8>)>>,
    /// Peers that have been sent this party's tape.
    disputed: RefCell<Vec<u8>>,
}

/// A frame that came before the operations that it belongs to.
struct Early {
    /// How many must be recorded.
    operations: u32,
    message: Vec<u8>,
}

/// Frames of one peer that may wait for operations to be recorded.
const MAX_EARLY: usize = 256;

impl Core {
    pub(crate) fn new(config: EngineConfig) -> Rc<Self> {
        let EngineConfig { me, parties, session, .. } = config;
        Rc::new(Self {
            queue: Rc::new(Queue::default()),
            expander: Expander::new(&config.seed, session, me, parties),
            exchange: RefCell::new(Exchange::new(me, parties)),
            dealings: RefCell::new(Dealings::new(config.dealer_credit)),
            tape: RefCell::new(Tape::new(&session.0)),
            views: RefCell::new(Views::new()),
            cost: Cell::new(Cost::default()),
            failure: RefCell::new(None),
            waker: AtomicWaker::new(),
            news: Cell::new(false),
            early: RefCell::new((0..parties).map(|_| Vec::new()).collect()),
            early_limits: RefCell::new(vec![MAX_EARLY; usize::from(parties)]),
            fingerprints: RefCell::new(None),
            waiting: RefCell::new(Vec::new()),
            until_dealt: RefCell::new(Vec::new()),
            rounds_seen: Cell::new(0),
            disputes: RefCell::new(Vec::new()),
            disputed: RefCell::new(Vec::new()),
            config,
        })
    }

    /// Records an operation whose shapes have been checked: its steps, its cost, its requests.
    pub(crate) fn record<T>(
        self: &Rc<Self>,
        op: Op,
        shape: &[usize],
        steps: impl FnOnce(&Recorder<'_>) -> T,
    ) -> Result<(u32, T)> {
        if let Some(error) = &*self.failure.borrow() {
            return Err(error.clone());
        }
        let id = self.tape.borrow().len();
        let recorder = Recorder::new(self, id);
        let result = steps(&recorder);
        let cost = recorder.cost();
        let mut total = self.cost.get();
        total += Cost { rounds: 0, ..cost };
        total.rounds = total.rounds.max(recorder.last_round());
        self.cost.set(total);
        let mut tape = self.tape.borrow_mut();
        tape.push(op, shape.to_vec(), cost);
        if let Some(fingerprints) = &mut *self.fingerprints.borrow_mut() {
            fingerprints.push(&tape.hash_at(tape.len()).expect("the tape has its own length"));
        }
        self.tell();
        Ok((id, result))
    }

    /// Whoever runs the engine has something to do.
    pub(crate) fn tell(&self) {
        self.news.set(true);
        self.waker.wake();
    }

    /// The next operation enters these data of this party.
    pub(crate) fn enter(&self, data: &[u64]) {
        if let Some(fingerprints) = &mut *self.fingerprints.borrow_mut() {
            fingerprints.enter(data);
        }
    }

    /// An operation recorded before is given its data of this party.
    pub(crate) fn enter_late(&self, operation: u32, data: &[u64]) {
        if let Some(fingerprints) = &mut *self.fingerprints.borrow_mut() {
            fingerprints.enter_late(operation, data);
        }
    }

    /// A peer's message.
    pub(crate) fn receive(&self, peer: u8, message: &[u8]) -> Result<()> {
        if peer == self.config.me || peer >= self.config.parties {
            return Err(Error::misuse("receive", format!("there is no peer {peer}")));
        }
        match parse(peer, message)? {
            EngineMessage::Frame(frame) if frame.operations > self.tape.borrow().len() => {
                self.keep(peer, frame.operations, message)
            }
            parsed => self.read(peer, parsed),
        }
    }

    fn read(&self, peer: u8, message: EngineMessage<'_>) -> Result<()> {
        match message {
            EngineMessage::Frame(frame) => {
                if self.tape.borrow().hash_at(frame.operations) != Some(frame.tape) {
                    self.dispute(peer);
                    return Ok(());
                }
                self.rounds_seen.set(self.rounds_seen.get().max(frame.round));
                for ((op, step), payload) in frame.payloads {
                    let address = cryptab_correlation::Address::new(op, step);
                    self.exchange.borrow_mut().receive(peer, address, payload)?;
                }
                Ok(())
            }
            EngineMessage::Dispute(theirs) => {
                self.dispute(peer);
                Err(self.first_difference(peer, &theirs))
            }
        }
    }

    fn keep(&self, peer: u8, operations: u32, message: &[u8]) -> Result<()> {
        let mut early = self.early.borrow_mut();
        let kept = &mut early[usize::from(peer)];
        if kept.len() >= self.early_limits.borrow()[usize::from(peer)] {
            return Err(Error::peer(peer, "is too far ahead"));
        }
        kept.push(Early { operations, message: message.to_vec() });
        Ok(())
    }

    /// Frames that had to wait and can be read now. A short frame may have overtaken a long one of earlier
    /// operations, whose results this party needs to go on: none waits for another.
    pub(crate) fn read_early(&self) -> Result<()> {
        let recorded = self.tape.borrow().len();
        for peer in 0..self.config.parties {
            let early = &mut self.early.borrow_mut()[usize::from(peer)];
            let ready: Vec<_> =
                early.extract_if(.., |early| early.operations <= recorded).collect();
            if early.is_empty() {
                self.early_limits.borrow_mut()[usize::from(peer)] = MAX_EARLY;
            }
            for Early { message, .. } in ready {
                self.read(peer, parse(peer, &message)?)?;
            }
        }
        Ok(())
    }

    /// Whether the tapes differ: nothing more is opened.
    pub(crate) fn in_dispute(&self) -> bool {
        !self.disputed.borrow().is_empty()
    }

    fn dispute(&self, peer: u8) {
        if self.disputed.borrow().contains(&peer) {
            return;
        }
        self.disputed.borrow_mut().push(peer);
        let message = encode_dispute(&self.tape.borrow().texts());
        self.disputes.borrow_mut().push((peer, message));
    }

    pub(crate) fn take_disputes(&self) -> Vec<(u8, Vec<u8>)> {
        std::mem::take(&mut *self.disputes.borrow_mut())
    }

    fn first_difference(&self, peer: u8, theirs: &[String]) -> Error {
        const NOTHING: &str = "nothing";
        let mine = self.tape.borrow().texts();
        let length = mine.len().max(theirs.len());
        let at = |tape: &[String], i: usize| tape.get(i).map_or(NOTHING.into(), Clone::clone);
        let differs = (0..length).find(|&i| at(&mine, i) != at(theirs, i));
        match differs {
            Some(i) => Error::Programs {
                peer: crate::Peer::Party(peer),
                operation: u32::try_from(i).unwrap_or(u32::MAX),
                mine: at(&mine, i),
                theirs: at(theirs, i),
            },
            None => Error::peer(peer, "disputes a program that is the same"),
        }
    }

    /// Wakes whoever waits for a result if the computation fails.
    pub(crate) fn wake_on_failure(&self, waker: &Waker) {
        wait(&self.waiting, waker);
    }

    /// Wakes whoever waits for the dealer when it is done, or the computation fails.
    pub(crate) fn wake_when_dealt(&self, waker: &Waker) {
        wait(&self.until_dealt, waker);
    }

    /// Wakes whoever waits for the dealer, if there is nothing more to wait for.
    pub(crate) fn tell_if_dealt(&self) {
        if self.dealings.borrow().is_done() {
            let waiting = std::mem::take(&mut *self.until_dealt.borrow_mut());
            waiting.into_iter().for_each(Waker::wake);
        }
    }

    /// The application is at fault: whoever runs the engine does not know it yet.
    pub(crate) fn fail_here(&self, error: Error) {
        if self.failure.borrow().is_none() {
            self.fail(error);
            self.tell();
        }
    }

    pub(crate) fn fail(&self, error: Error) {
        if self.failure.borrow().is_none() {
            *self.failure.borrow_mut() = Some(error);
        }
        self.queue.clear();
        self.exchange.borrow_mut().clear();
        self.dealings.borrow_mut().clear();
        self.early.borrow_mut().iter_mut().for_each(Vec::clear);
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        waiting.into_iter().for_each(Waker::wake);
        self.tell_if_dealt();
    }
}

fn wait(waiting: &RefCell<Vec<Waker>>, waker: &Waker) {
    let mut waiting = waiting.borrow_mut();
    if !waiting.iter().any(|known| known.will_wake(waker)) {
        waiting.push(waker.clone());
    }
}

fn parse(peer: u8, message: &[u8]) -> Result<EngineMessage<'_>> {
    EngineMessage::parse(message)
        .map_err(|error| Error::peer(peer, format!("sent a malformed message: {error}")))
}
