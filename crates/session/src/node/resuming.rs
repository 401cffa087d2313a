//! A session that goes on after a restart of this party's process.

use std::collections::BTreeMap;

use cryptab_correlation::Seed;
use cryptab_link::{Memory, Pair, PublicKey};
use zeroize::Zeroizing;

use super::forming::random;
use super::{Node, Phase, Running, Seat};
use crate::computation::{self, Terms};
use crate::hello::Hello;
use crate::journal::{Entry, Head, Known, Ledger};
use crate::message::Message;
use crate::peer::{Introduced, Peer};
use crate::standing::Standing;
use crate::supply::Supply;
use crate::{Error, Event, Output, Route};

impl Node {
    /// Goes on with the session that was written down, or says why it cannot be.
    pub(super) fn resume_or_complain(&mut self, entries: &[Vec<u8>]) {
        if self.finished || entries.is_empty() {
            return;
        }
        if let Err(error) = self.resume(entries) {
            // The right command, or the right version, may still go on with it.
            self.close(error);
        }
    }

    fn resume(&mut self, sealed: &[Vec<u8>]) -> Result<(), Error> {
        let Some(keeper) = &mut self.keeper else { return Ok(()) };
        let (first, rest) = sealed.split_first().ok_or(Error::Journal(FOREIGN))?;
        let head = keeper.seal.open(0, &Head::SESSION, first).ok_or(Error::Journal(FOREIGN))?;
        let head = Head::decode(&head).ok_or(Error::Journal(UNREADABLE))?;
        let mut opened: Vec<Zeroizing<Vec<u8>>> = Vec::with_capacity(rest.len());
        for (place, entry) in (1..).zip(rest) {
            let entry = keeper.seal.open(place, &head.session, entry);
            opened.push(entry.ok_or(Error::Journal(FOREIGN))?);
        }
        let entries = opened.iter().map(|entry| Entry::parse(entry));
        let entries: Option<Vec<_>> = entries.collect();
        let entries = entries.ok_or(Error::Journal(UNREADABLE))?;
        let hello = &self.credentials.hello;
        let parties = self.credentials.invite.parties;
        if (head.role, head.format) != (hello.role, hello.format) {
            return Err(Error::Journal("was written for another role or number format"));
        }
        if head.peers.len() + 1 != usize::from(parties) {
            return Err(Error::Journal(UNREADABLE));
        }
        keeper.next = sealed.len() as u64;
        let memories = memories(&head, &entries);
        let mut peers = BTreeMap::new();
        for known in &head.peers {
            let memory = memories.get(&known.slot).ok_or(Error::Journal(UNREADABLE))?;
            peers.insert(known.slot, self.recall(&head, known, memory)?);
        }
        let ledger = Ledger::resumed(head.session, sealed.len() as u64, &entries);
        self.go_on(&head, peers, ledger);
        self.replay(&head, &entries);
        Ok(())
    }

    /// A peer of the session, who is away.
    fn recall(&self, head: &Head, known: &Known, memory: &Memory) -> Result<Peer, Error> {
        let slots = Pair::new(head.slot, known.slot).ok_or(Error::Journal(UNREADABLE))?;
        let hello = Hello::decode(&known.hello).map_err(|_| Error::Journal(UNREADABLE))?;
        let introduced = Introduced { hello, key: PublicKey(known.key) };
        let mut peer = Peer::resumed(slots, head.slot, memory, random()?, introduced);
        peer.standing = Standing::agreed(head.epoch);
        peer.away_since = Some(self.now);
        if self.route == Route::Direct {
            peer.insist_on_direct();
        }
        Ok(peer)
    }

    /// The session runs again, before anyone is met.
    fn go_on(&mut self, head: &Head, peers: BTreeMap<u8, Peer>, ledger: Ledger) {
        let terms = Terms {
            me: head.slot,
            parties: self.credentials.invite.parties,
            format: head.format,
            reveal: self.reveal,
        };
        let dealer = Supply::lost(head.dealer_hello.clone(), blake3::hash(&head.seed));
        let (seed, own) = (Seed::from_bytes(head.seed), Seed::from_bytes(head.own));
        let engine = computation::start(terms, head.session, seed, own);
        engine.keep_fingerprints();
        peers.keys().for_each(|slot| engine.peer_resumed(*slot));
        self.epoch = head.epoch;
        self.orders.clone_from(&head.orders);
        self.wanted = Some(head.slot);
        self.welcomed = true;
        self.reached = true;
        self.seat = Some(Seat { slot: head.slot, is_online: false, peers });
        self.phase = Phase::Running(Running::new(engine, dealer, Some(Box::new(ledger))));
        let others = self.lobby().members.into_iter().filter(|member| !member.you);
        self.names = others.map(|member| (member.slot, member.name)).collect();
        self.outputs.push_back(Output::ConnectDealer);
        self.announce();
        self.tell(Event::Ready);
    }

    /// What came before comes again.
    fn replay(&mut self, head: &Head, entries: &[Entry<'_>]) {
        let early = head.peers.iter();
        let early = early.flat_map(|peer| peer.early.iter().map(|bytes| (peer.slot, &bytes[..])));
        let later = entries.iter().filter_map(|entry| match entry {
            Entry::Message { from, bytes, .. } => Some((*from, *bytes)),
            _ => None,
        });
        let messages: Vec<_> = early.chain(later).collect();
        if let Some(engine) = self.engine() {
            messages.iter().for_each(|(from, _)| engine.expect_early(*from, 1));
        }
        for (from, bytes) in messages {
            match Message::parse(bytes) {
                Ok(Message::Engine(_) | Message::Say { .. }) => {
                    self.hear_of_session(from, bytes.to_vec());
                }
                Ok(Message::Order(order)) => self.hear_order(from, order),
                _ => {}
            }
        }
    }
}

/// What the streams to all peers are resumed from.
fn memories(head: &Head, entries: &[Entry<'_>]) -> BTreeMap<u8, Memory> {
    let known = head.peers.iter();
    let mut memories: BTreeMap<_, _> = known.map(|peer| (peer.slot, peer.memory.clone())).collect();
    for entry in entries {
        match entry {
            Entry::Message { from, delivered, .. } => {
                memories.get_mut(from).into_iter().for_each(|memory| memory.advance(*delivered));
            }
            Entry::Resumed { slot, life } => {
                memories.get_mut(slot).into_iter().for_each(|memory| memory.follow(*life));
            }
            Entry::Program(_) | Entry::Late(_) => {}
        }
    }
    memories
}

const FOREIGN: &str = "belongs to another room or identity, or was altered";
const UNREADABLE: &str = "cannot be read by this version";
