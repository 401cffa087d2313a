//! Openings in flight: own shares on their way out, peers' shares on their way in.

use std::collections::{BTreeMap, BTreeSet};

use cryptab_correlation::Address;
use cryptab_tensor::{Bits, packed_len, unpack};
use cryptab_wire::begin_frame;

use crate::lazy::Lazy;
use crate::{Error, Result};

/// Who learns an opened value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Receivers {
    All,
    One(u8),
}

impl Receivers {
    pub(crate) const fn include(self, party: u8) -> bool {
        match self {
            Self::All => true,
            Self::One(receiver) => receiver == party,
        }
    }
}

/// How shares of an opening are encoded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    /// Ring elements of so many bits, packed.
    Ring { count: usize, bits: u32 },
    /// Planes of bits, each padded to whole bytes.
    Bits { len: usize, planes: usize },
}

impl Format {
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Ring { count, bits } => {
                packed_len(count, bits).expect("sizes were checked when recorded")
            }
            Self::Bits { len, planes } => planes * len.div_ceil(8),
        }
    }

    /// The share that `bytes` are: as many as are due, and zeros where nothing belongs.
    fn parse(self, bytes: &[u8]) -> Option<Share> {
        match self {
            Self::Ring { count, bits } => unpack(bytes, bits, count).ok().map(Share::Ring),
            Self::Bits { len, planes } => {
                Bits::from_bytes(len, planes, bytes).ok().map(Share::Bits)
            }
        }
    }
}

/// A peer's share of an opening.
#[derive(Eq, PartialEq)]
pub(crate) enum Share {
    Ring(Vec<u64>),
    Bits(Bits),
}

impl Share {
    /// The numbers.
    pub(crate) fn ring(self) -> Vec<u64> {
        match self {
            Self::Ring(numbers) => numbers,
            Self::Bits(_) => unreachable!("shares were parsed as the opening expects them"),
        }
    }

    /// The planes of bits.
    pub(crate) fn bits(self) -> Bits {
        match self {
            Self::Bits(bits) => bits,
            Self::Ring(_) => unreachable!("shares were parsed as the opening expects them"),
        }
    }
}

/// This party's share of something that is opened now.
pub(crate) struct Opening {
    pub(crate) address: Address,
    pub(crate) receivers: Receivers,
    pub(crate) payload: Payload,
    /// Takes the others' shares, if this party receives the value.
    pub(crate) complete: Option<Complete>,
}

type Write = Box<dyn FnOnce(&mut Vec<u8>)>;

/// A share as it travels, not written yet.
pub(crate) struct Payload {
    pub(crate) bytes: usize,
    /// Writes the bytes behind those that are there.
    pub(crate) write: Write,
}

pub(crate) type Complete = Box<dyn FnOnce(Vec<Share>)>;

/// What is sent to one peer now.
pub(crate) struct Departure {
    pub(crate) to: u8,
    pub(crate) message: Vec<u8>,
    /// Of the shares in the message.
    pub(crate) bytes: usize,
}

/// A share on its way out.
struct Outgoing {
    address: Address,
    receivers: Receivers,
    payload: Payload,
}

/// All openings of one party.
pub(crate) struct Exchange {
    me: u8,
    parties: u8,
    outgoing: Vec<Outgoing>,
    awaited: BTreeMap<Address, Awaited>,
    /// Whom to tell when the shares of an operation have left.
    leaving: BTreeMap<u32, Lazy<()>>,
    /// The peers that may send again what they have sent.
    resumed: BTreeSet<u8>,
}

struct Awaited {
    format: Format,
    /// Who sends: one peer, or all of them.
    sender: Option<u8>,
    shares: Vec<Option<Share>>,
    complete: Option<Complete>,
}

impl Exchange {
    pub(crate) const fn new(me: u8, parties: u8) -> Self {
        Self {
            me,
            parties,
            outgoing: Vec::new(),
            awaited: BTreeMap::new(),
            leaving: BTreeMap::new(),
            resumed: BTreeSet::new(),
        }
    }

    /// An opening was recorded: every peer will send its share.
    pub(crate) fn expect(&mut self, address: Address, format: Format) {
        self.wait(address, format, None, None);
    }

    /// Something was recorded that `sender` alone sends, to all others.
    pub(crate) fn expect_from(
        &mut self,
        sender: u8,
        address: Address,
        format: Format,
        complete: Complete,
    ) {
        self.wait(address, format, Some(sender), Some(complete));
    }

    fn wait(
        &mut self,
        address: Address,
        format: Format,
        sender: Option<u8>,
        complete: Option<Complete>,
    ) {
        let shares = (0..self.parties).map(|_| None).collect();
        self.awaited.insert(address, Awaited { format, sender, shares, complete });
    }

    /// The own share of an opening is there.
    pub(crate) fn open(&mut self, opening: Opening) {
        let Opening { address, receivers, payload, complete } = opening;
        if receivers != Receivers::One(self.me) {
            self.outgoing.push(Outgoing { address, receivers, payload });
        }
        if let (Some(awaited), Some(complete)) = (self.awaited.get_mut(&address), complete) {
            awaited.complete = Some(complete);
        }
    }

    /// A peer may send again what it has sent.
    pub(crate) fn peer_resumed(&mut self, peer: u8) {
        self.resumed.insert(peer);
    }

    /// A peer's share has arrived.
    pub(crate) fn receive(&mut self, peer: u8, address: Address, share: &[u8]) -> Result<()> {
        let is_resumed = self.resumed.contains(&peer);
        let Some(awaited) = self.awaited.get_mut(&address) else {
            if is_resumed {
                return Ok(());
            }
            return Err(Error::peer(peer, format!("sent a share nobody waits for ({address:?})")));
        };
        if awaited.sender.is_some_and(|sender| sender != peer) {
            return Err(Error::peer(peer, format!("sent what another party owns ({address:?})")));
        }
        let (found, due) = (share.len(), awaited.format.bytes());
        if found != due {
            let complaint = format!("sent {found} bytes where {due} were due ({address:?})");
            return Err(Error::peer(peer, complaint));
        }
        let slot = &mut awaited.shares[usize::from(peer)];
        if slot.is_some() && !is_resumed {
            return Err(Error::peer(peer, format!("sent a share twice ({address:?})")));
        }
        let Some(share) = awaited.format.parse(share) else {
            return Err(Error::peer(peer, format!("sent a malformed share ({address:?})")));
        };
        if slot.as_ref().is_some_and(|known| *known != share) {
            return Err(Error::peer(peer, format!("sent another share than before ({address:?})")));
        }
        *slot = Some(share);
        Ok(())
    }

    /// What can be completed now: all shares are there, the own one included.
    pub(crate) fn completed(&mut self) -> Vec<Box<dyn FnOnce()>> {
        let others = usize::from(self.parties) - 1;
        let done: Vec<Address> = self
            .awaited
            .iter()
            .filter(|(_, awaited)| awaited.complete.is_some() && awaited.arrived(others))
            .map(|(address, _)| *address)
            .collect();
        let mut work: Vec<Box<dyn FnOnce()>> = Vec::with_capacity(done.len());
        for address in done {
            let awaited = self.awaited.remove(&address);
            if let Some(Awaited { shares, complete: Some(complete), .. }) = awaited {
                work.push(Box::new(move || complete(shares.into_iter().flatten().collect())));
            }
        }
        work
    }

    /// The frames of this round, one per peer that something is sent to.
    ///
    /// A share is written once; what other peers receive too is copied from the first frame.
    pub(crate) fn flush(&mut self, round: u32, tape: impl Fn(u32) -> [u8; 32]) -> Vec<Departure> {
        let outgoing = std::mem::take(&mut self.outgoing);
        let mut writers: Vec<_> = Vec::with_capacity(outgoing.len());
        let mut shares = Vec::with_capacity(outgoing.len());
        for Outgoing { address, receivers, payload: Payload { bytes, write } } in outgoing {
            shares.push((address, receivers, bytes));
            writers.push(Some(write));
        }
        // Of every share that was written: in which departure, and where.
        let mut written: Vec<(usize, usize)> = vec![(0, 0); shares.len()];
        let mut departures: Vec<Departure> = Vec::new();
        for to in (0..self.parties).filter(|&peer| peer != self.me) {
            let due = || {
                let all = shares.iter().enumerate();
                all.filter(|(_, (_, receivers, _))| receivers.include(to))
            };
            let table: Vec<_> =
                due().map(|(_, (at, _, bytes))| ((at.op, at.step), *bytes)).collect();
            let Some(operations) = table.iter().map(|((op, _), _)| op + 1).max() else { continue };
            let mut message = begin_frame(round, operations, tape(operations), &table);
            for (i, (_, _, bytes)) in due() {
                match writers[i].take() {
                    Some(write) => {
                        written[i] = (departures.len(), message.len());
                        write(&mut message);
                    }
                    None => {
                        let (departure, start) = written[i];
                        message.extend(&departures[departure].message[start..start + bytes]);
                    }
                }
            }
            let bytes = table.iter().map(|(_, bytes)| bytes).sum();
            departures.push(Departure { to, message, bytes });
        }
        departures
    }

    /// Completes when this party's share of operation `op` has left.
    pub(crate) fn when_sent(&mut self, op: u32) -> Lazy<()> {
        self.leaving.entry(op).or_insert_with(|| Lazy::from_peers(0)).clone()
    }

    /// Whom to tell that the shares leave which are outgoing now.
    pub(crate) fn leaving(&mut self) -> Vec<Lazy<()>> {
        let Self { outgoing, leaving, .. } = self;
        outgoing.iter().filter_map(|share| leaving.remove(&share.address.op)).collect()
    }

    pub(crate) fn has_outgoing(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// The peers whose shares are missing for what this party has opened itself.
    pub(crate) fn missing(&self) -> Vec<u8> {
        let opened = || self.awaited.values().filter(|awaited| awaited.complete.is_some());
        let lacks = |peer: u8| opened().any(|awaited| awaited.lacks(peer));
        (0..self.parties).filter(|&peer| peer != self.me && lacks(peer)).collect()
    }

    /// The first operation that is opened and not complete.
    pub(crate) fn stage(&self) -> Option<u32> {
        let mut open = self.awaited.iter().filter(|(_, awaited)| awaited.complete.is_some());
        open.next().map(|(address, _)| address.op)
    }

    pub(crate) fn clear(&mut self) {
        self.outgoing.clear();
        self.awaited.clear();
        self.leaving.clear();
    }
}

impl Awaited {
    fn arrived(&self, others: usize) -> bool {
        self.shares.iter().flatten().count() == self.sender.map_or(others, |_| 1)
    }

    fn lacks(&self, peer: u8) -> bool {
        self.sender.is_none_or(|sender| sender == peer) && self.shares[usize::from(peer)].is_none()
    }
}
