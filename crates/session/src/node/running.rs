//! A session under way, and the messages of peers.

use std::cmp::Ordering;

use bytes::Bytes;
use cryptab_engine::{self as engine, Outgoing};
use cryptab_link::Order;

use super::{Node, Phase};
use crate::Event;
use crate::journal::Word;
use crate::message::{Cause, Message};
use crate::peer::Peer;

impl Node {
    /// A message came through a sealed channel.
    pub(super) fn hear_message(&mut self, from: u8, bytes: Vec<u8>) {
        if self.peer_mut(from).is_none_or(|peer| peer.has_left) {
            return;
        }
        match Message::parse(&bytes) {
            Ok(Message::Nonce { epoch, nonce }) => self.hear_nonce(from, epoch, nonce),
            Ok(Message::Restart { epoch, cause }) => self.hear_restart(from, epoch, cause),
            Ok(Message::Order(order)) => self.hear_order(from, order),
            Ok(Message::Agree(digest)) => self.hear_agree(from, digest),
            Ok(Message::Visit(visit)) => self.hear_visit(from, visit),
            Ok(Message::Commit { gathering, commitment }) => {
                self.hear_commit(from, gathering, commitment);
            }
            Ok(Message::Open { gathering, value }) => self.hear_open(from, gathering, value),
            Ok(Message::Engine(_) | Message::Say { .. }) => self.hear_of_session(from, bytes),
            Ok(Message::Leave) => self.hear_goodbye(from),
            Err(error) => self.distrust(from, &format!("sent a malformed message: {error}")),
        }
    }

    /// What peers sent before this party was ready.
    pub(super) fn hear_early(&mut self) {
        let slots: Vec<_> = self.seat.iter().flat_map(|seat| seat.peers.keys().copied()).collect();
        for slot in slots {
            let early = self.peer_mut(slot).map(|peer| peer.standing.take_early());
            early.into_iter().flatten().for_each(|bytes| self.hear_of_session(slot, bytes));
        }
    }

    /// Runs what the engine can run, and sends what it has to say.
    pub(super) fn run_engine(&mut self) {
        let Phase::Running(running) = &self.phase else { return };
        let engine = running.engine.clone();
        let outgoing = engine.poll();
        if let Err(error) = self.note_program() {
            // Else its last words could be more of what must not leave.
            engine.fail(error.clone());
            return self.end_by_engine(error);
        }
        for outgoing in outgoing {
            self.speak(match outgoing {
                Outgoing::Peer { to, message } => Word::Engine { to, message },
                Outgoing::Dealer(request) => Word::Dealer(request),
            });
        }
        self.release();
        if let Some(error) = engine.error() {
            self.end_by_engine(error);
        }
    }

    /// Sends a message to one peer, behind all that was sent before.
    pub(super) fn tell_peer(&mut self, slot: u8, message: &Message<'_>) {
        let (head, body) = message.encode();
        self.send(slot, head, Bytes::copy_from_slice(body), Order::Strict);
    }

    /// Sends what the engine says to another one: a short message may overtake long ones.
    pub(super) fn tell_engine(&mut self, slot: u8, message: Vec<u8>) {
        let (head, _) = Message::Engine(&[]).encode();
        self.send(slot, head, message.into(), Order::Free);
    }

    fn send(&mut self, slot: u8, head: Vec<u8>, body: Bytes, order: Order) {
        let Some(peer) = self.peer_mut(slot) else { return };
        if let Err(complaint) = peer.send(head, body, order) {
            self.distrust(slot, &complaint);
        }
    }

    /// Sends a message to all peers with a sealed channel.
    pub(super) fn tell_all(&mut self, message: &Message<'_>) {
        let peers = self.seat.iter().flat_map(|seat| &seat.peers);
        let here: Vec<_> =
            peers.filter(|(_, peer)| !peer.has_left).map(|(slot, _)| *slot).collect();
        here.into_iter().for_each(|slot| self.tell_peer(slot, message));
    }

    pub(super) fn peer_mut(&mut self, slot: u8) -> Option<&mut Peer> {
        self.seat.as_mut()?.peers.get_mut(&slot)
    }

    /// A message that belongs to a session: for now, for later, or for one that is past.
    pub(super) fn hear_of_session(&mut self, from: u8, bytes: Vec<u8>) {
        let epoch = self.epoch;
        let Some(peer) = self.peer_mut(from) else { return };
        if peer.standing.epoch() != epoch || !peer.standing.is_willing() {
            return;
        }
        match &self.phase {
            Phase::Lobby => {}
            Phase::Forming(_) => {
                let kept = self.peer_mut(from).map_or(Ok(()), |peer| peer.standing.keep(bytes));
                if let Err(complaint) = kept {
                    self.distrust(from, complaint);
                }
            }
            Phase::Running(running) => match Message::parse(&bytes) {
                Ok(Message::Engine(message)) => {
                    if let Err(error) = running.engine.receive(from, message) {
                        self.end_by_engine(error);
                    }
                }
                Ok(Message::Say { number, bytes }) => self.hear_said(from, number, bytes),
                _ => {}
            },
        }
    }

    /// The application of a peer has said something. Whoever was resumed says the same again.
    fn hear_said(&mut self, from: u8, number: u64, bytes: &[u8]) {
        let Phase::Running(running) = &mut self.phase else { return };
        let due = running.said.entry(from).or_default();
        match number.cmp(due) {
            Ordering::Less => {}
            Ordering::Equal => {
                *due += 1;
                self.tell(Event::Said { from, bytes: bytes.to_vec() });
            }
            Ordering::Greater => self.distrust(from, "left out something it had to say"),
        }
    }

    /// The engine has failed: its last words go out, then all others learn that it is over.
    fn end_by_engine(&mut self, error: engine::Error) {
        let Phase::Running(running) = &self.phase else { return };
        for outgoing in running.engine.clone().poll() {
            if let Outgoing::Peer { to, message } = outgoing {
                self.tell_engine(to, message);
            }
        }
        let cause = match &error {
            engine::Error::Peer { peer: engine::Peer::Party(slot), .. } => Cause::Member(*slot),
            engine::Error::Peer { peer: engine::Peer::Dealer, .. } => Cause::Dealer,
            _ => Cause::Engine,
        };
        let error = self.explain(error);
        match cause {
            Cause::Dealer => self.fail_dealer_with(error),
            cause => self.give_up_if_any(error, Some(cause)),
        }
    }
}
