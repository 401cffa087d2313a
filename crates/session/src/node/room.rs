//! The relay and what it carries: entering the room, others coming and going, their packets.

use std::collections::BTreeMap;

use cryptab_engine::Format;
use cryptab_link::{Pair, PublicKey};
use cryptab_wire::relay::ToClient;
use cryptab_wire::{FromRelay, Refusal, ToRelay, VERSION};

use super::forming::random;
use super::{Node, Seat};
use crate::hello::Hello;
use crate::name::readable;
use crate::peer::{Introduced, Peer, Step};
use crate::signal::Tag;
use crate::{Error, Event, Output};

impl Node {
    /// The connection to the relay is open: asks to be let in.
    pub(super) fn enter(&mut self) {
        if self.refuse_expired() {
            return;
        }
        if self.seat.is_some() {
            self.lose_relay("the connection was made anew");
        }
        let invite = &self.credentials.invite;
        let join = ToRelay::Join {
            version: VERSION,
            room: invite.room,
            parties: invite.parties,
            slot: self.wanted,
            member: self.credentials.member(),
            expires: invite.expires,
            claim: self.credentials.claim(),
        };
        self.outputs.push_back(Output::ToRelay(join.encode()));
    }

    pub(super) fn hear_relay(&mut self, bytes: &[u8]) {
        match ToClient::decode(bytes) {
            Ok(ToClient::Packet { from, packet }) => self.hear_peer(from, packet),
            Ok(ToClient::Notice(notice)) => self.take_notice(notice),
            Err(error) => self.close(Error::Relay(format!("sent what it must not: {error}"))),
        }
    }

    /// The connection to the relay has ended: nobody can be reached.
    pub(super) fn lose_relay(&mut self, reason: &str) {
        let error = Error::Relay(readable(reason));
        // Whoever was let in before and is not in now knows why already.
        let is_news = self.seat.is_some() || !self.welcomed;
        self.leave_seat(&error);
        if is_news {
            self.tell(Event::Failed(error));
        }
    }

    /// Finishes the node if the invite is past its end.
    pub(super) fn refuse_expired(&mut self) -> bool {
        let expired = self.credentials.invite.expired(self.now.as_secs());
        if expired {
            self.close(Error::Expired);
        }
        expired
    }

    fn take_notice(&mut self, notice: FromRelay) {
        let parties = self.credentials.invite.parties;
        match (notice, &mut self.seat) {
            (FromRelay::Welcome { slot, present }, None)
                if slot < parties && present.iter().all(|other| *other < parties) =>
            {
                self.seat = Some(Seat { slot, peers: BTreeMap::new() });
                self.wanted = Some(slot);
                self.welcomed = true;
                present.into_iter().for_each(|other| self.meet(other));
            }
            (FromRelay::Joined { slot }, Some(seat))
                if slot < parties && slot != seat.slot && !seat.peers.contains_key(&slot) =>
            {
                self.meet(slot);
            }
            (FromRelay::Left { slot }, Some(seat)) if seat.peers.contains_key(&slot) => {
                self.part(slot);
            }
            (FromRelay::Ordered { order }, Some(_)) => self.hear_order_of_relay(order),
            (FromRelay::Refused { reason }, _) => self.be_refused(reason),
            _ => self.close(Error::Relay("said who is here, but it does not fit".to_owned())),
        }
    }

    /// Some refusals pass: of those who were let in before, the relay may still believe that they
    /// are there.
    fn be_refused(&mut self, reason: Refusal) {
        let passes = match reason {
            Refusal::Closing => true,
            Refusal::Full
            | Refusal::Reserved
            | Refusal::SlotTaken
            | Refusal::MemberPresent
            | Refusal::TokenInUse
            | Refusal::TooMany => self.welcomed,
            Refusal::Version
            | Refusal::Expired
            | Refusal::Mismatch
            | Refusal::Malformed
            | Refusal::NotSigned
            | Refusal::TokenExpired
            | Refusal::Revoked
            | Refusal::Closed => false,
        };
        if reason == Refusal::SlotTaken {
            self.wanted = None;
        }
        let error = Error::Refused(reason);
        if passes {
            self.leave_seat(&error);
            self.tell(Event::Failed(error));
        } else {
            self.close(error);
        }
    }

    /// Someone is here: hails it.
    fn meet(&mut self, slot: u8) {
        let Ok(tag) = random().map(Tag) else {
            return self.close(Error::Randomness);
        };
        let Some(seat) = &mut self.seat else { return };
        let Some(slots) = Pair::new(seat.slot, slot) else { return };
        let peer = Peer::new(slots, seat.slot, tag);
        let hail = peer.hail();
        self.names.remove(&slot);
        seat.peers.insert(slot, peer);
        self.outputs.push_back(Output::ToRelay(hail));
    }

    /// Someone has left.
    fn part(&mut self, slot: u8) {
        let error = self.complaint(slot, "left the room");
        if let Some(seat) = &mut self.seat {
            seat.peers.remove(&slot);
        }
        self.give_up_if_any(error, None);
        self.retry = None;
    }

    fn hear_peer(&mut self, from: u8, packet: &[u8]) {
        // From someone who has left meanwhile, or before the welcome: not for this party.
        let Some(peer) = self.seat.as_mut().and_then(|seat| seat.peers.get_mut(&from)) else {
            return;
        };
        let steps = match peer.receive(packet, &self.credentials) {
            Ok(steps) => steps,
            Err(complaint) => return self.distrust(from, &complaint),
        };
        for step in steps {
            match step {
                Step::Send(message) => self.outputs.push_back(Output::ToRelay(message)),
                Step::Sealed { key, hello } => self.be_introduced(from, key, &hello),
                Step::Message(message) => self.hear_message(from, message),
            }
        }
    }

    /// A channel has opened: who is it?
    fn be_introduced(&mut self, slot: u8, key: PublicKey, hello: &[u8]) {
        let hello = match Hello::decode(hello) {
            Ok(hello) => hello,
            Err(error) => {
                return self.distrust(slot, &format!("introduced itself wrongly: {error}"));
            }
        };
        if let Some(other) = self.holder_of(key) {
            return self.distrust(slot, &format!("holds the same key as {other}"));
        }
        if let Some(complaint) = disagreement(hello.format, self.credentials.hello.format) {
            return self.distrust(slot, &complaint);
        }
        // Also to whoever is refused because of them.
        self.tell_orders(slot);
        if let Some(complaint) = self.unwelcome(slot, key, &hello) {
            return self.distrust(slot, &complaint);
        }
        if let Some(peer) = self.seat.as_mut().and_then(|seat| seat.peers.get_mut(&slot)) {
            peer.introduced = Some(Introduced { hello, key });
        }
        self.names.extend(
            self.lobby()
                .members
                .into_iter()
                .filter(|other| other.sealed)
                .map(|other| (other.slot, other.name)),
        );
        self.announce();
        self.begin_if_possible();
    }

    fn holder_of(&self, key: PublicKey) -> Option<String> {
        if key == self.credentials.key() {
            return Some("this party".to_owned());
        }
        let peers = &self.seat.as_ref()?.peers;
        let known = |peer: &Peer| peer.introduced.as_ref().is_some_and(|other| other.key == key);
        let slot = peers.iter().find_map(|(&slot, peer)| known(peer).then_some(slot))?;
        Some(self.name_of(slot))
    }
}

/// What is wrong with another party's format, if it is not this one's.
fn disagreement(theirs: Format, mine: Format) -> Option<String> {
    if theirs.frac_bits != mine.frac_bits {
        let (theirs, mine) = (theirs.frac_bits, mine.frac_bits);
        return Some(format!("computes with {theirs} fraction bits, but {mine} are used here"));
    }
    (theirs.evaluator != mine.evaluator).then(|| {
        let (theirs, mine) = (theirs.evaluator, mine.evaluator);
        format!("evaluates functions with the {theirs} evaluator, but the {mine} one is used here")
    })
}
