//! The relay and what it carries: entering the room, others coming and going, their packets.

use std::collections::BTreeMap;

use cryptab_engine::Format;
use cryptab_link::{Pair, PublicKey};
use cryptab_wire::relay::ToClient;
use cryptab_wire::{FromRelay, Refusal, ToRelay, VERSION};

use super::forming::random;
use super::{Node, Phase, Seat};
use crate::hello::Hello;
use crate::message::Cause;
use crate::peer::{Introduced, Peer};
use crate::signal::Tag;
use crate::{Error, Event, Output, Path, Route};

impl Node {
    /// The connection to the relay is open: asks to be let in.
    pub(super) fn enter(&mut self) {
        if self.refuse_expired() {
            return;
        }
        self.reached = true;
        if self.seat.as_ref().is_some_and(|seat| seat.is_online) {
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
        let fits = |present: &[u8]| present.iter().all(|other| *other < parties);
        match (notice, &mut self.seat) {
            (FromRelay::Welcome { slot, present }, None) if slot < parties && fits(&present) => {
                self.seat = Some(Seat { slot, is_online: true, peers: BTreeMap::new() });
                self.be_welcomed(slot, present);
            }
            (FromRelay::Welcome { slot, present }, Some(seat))
                if !seat.is_online && slot < parties && fits(&present) =>
            {
                if seat.slot != slot {
                    let error = Error::Relay("gave this party another place".to_owned());
                    self.leave_seat(&error);
                    self.tell(Event::Failed(error));
                    self.seat = Some(Seat { slot, is_online: true, peers: BTreeMap::new() });
                } else {
                    seat.is_online = true;
                }
                self.be_welcomed(slot, present);
            }
            (FromRelay::Joined { slot }, Some(seat))
                if slot < parties
                    && slot != seat.slot
                    && seat.peers.get(&slot).is_none_or(|peer| !peer.is_in_room()) =>
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

    fn be_welcomed(&mut self, slot: u8, present: Vec<u8>) {
        self.wanted = Some(slot);
        self.welcomed = true;
        self.relay.regain();
        self.tell_relay_orders();
        present.into_iter().for_each(|other| self.meet(other));
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
            | Refusal::Closed
            | Refusal::EndsTooLate => false,
        };
        let error = Error::Refused(reason);
        if !passes {
            return self.close(error);
        }
        if matches!(self.phase, Phase::Running(_)) && reason != Refusal::SlotTaken {
            // The relay ends the connection now, and is tried again.
            return;
        }
        if reason == Refusal::SlotTaken {
            self.wanted = None;
        }
        self.leave_seat(&error);
        self.tell(Event::Failed(error));
    }

    /// Someone is here, or here again: hails it.
    fn meet(&mut self, slot: u8) {
        let (Ok(tag), Ok(end)) = (random().map(Tag), random()) else {
            return self.close(Error::Randomness);
        };
        let (now, route, keeps) = (self.now, self.route, self.keeper.is_some());
        let Some(seat) = &mut self.seat else { return };
        let Some(slots) = Pair::new(seat.slot, slot) else { return };
        let me = seat.slot;
        let peer = seat.peers.entry(slot).or_insert_with(|| {
            let mut peer = Peer::new(slots, me, end);
            if route == Route::Direct {
                peer.insist_on_direct();
            }
            if keeps {
                peer.keep();
            }
            self.names.remove(&slot);
            peer
        });
        let hail = peer.hail(tag, now);
        self.outputs.push_back(hail);
    }

    /// Someone has left, or cannot be reached through the relay: a session waits for it.
    fn part(&mut self, slot: u8) {
        let is_running = matches!(self.phase, Phase::Running(_));
        let Some(peer) = self.peer_mut(slot) else { return };
        if is_running && !peer.has_left && !peer.is_broken() {
            peer.lose_relay();
            return self.look_for_absent();
        }
        let has_left = peer.has_left;
        self.remove(slot);
        if !has_left {
            let error = self.complaint(slot, "left the room");
            self.give_up_if_any(error, Some(Cause::Member(slot)));
        }
        self.retry = None;
    }

    /// Forgets someone.
    fn remove(&mut self, slot: u8) {
        if self.seat.as_mut().and_then(|seat| seat.peers.remove(&slot)).is_some() {
            self.outputs.push_back(Output::CloseDirect { slot });
        }
    }

    /// Someone says goodbye.
    pub(super) fn hear_goodbye(&mut self, slot: u8) {
        let Some(peer) = self.peer_mut(slot) else { return };
        peer.has_left = true;
        let error = self.complaint(slot, "left the room");
        self.give_up_if_any(error, Some(Cause::Member(slot)));
        self.retry = None;
    }

    fn hear_peer(&mut self, from: u8, packet: &[u8]) {
        // From someone who has left meanwhile, or before the welcome: not for this party.
        let Some(peer) = self.seat.as_mut().and_then(|seat| seat.peers.get_mut(&from)) else {
            return;
        };
        match peer.receive(packet, &self.credentials, self.now) {
            Ok(steps) => self.take_steps(from, steps),
            Err(complaint) => self.distrust(from, &complaint),
        }
        self.look_for_absent();
    }

    /// A channel has opened: who is it?
    pub(super) fn be_introduced(&mut self, slot: u8, path: Path, key: PublicKey, hello: &[u8]) {
        let hello = match Hello::decode(hello) {
            Ok(hello) => hello,
            Err(error) => {
                return self.distrust(slot, &error.to_string());
            }
        };
        let known = self.peer_mut(slot).and_then(|peer| peer.introduced.as_ref());
        let known = known.map(|introduced| introduced.key);
        match path {
            Path::Direct if known != Some(key) => {
                let now = self.now;
                let step = self.peer_mut(slot).map(|peer| peer.close_direct(now));
                return self.take_steps(slot, step.into_iter().collect());
            }
            Path::Relay if known.is_some_and(|known| known != key) => {
                return self.be_replaced(slot);
            }
            Path::Direct | Path::Relay => {}
        }
        if let Some(other) = self.holder_of(key, slot) {
            return self.distrust(slot, &format!("holds the same key as {other}"));
        }
        if let Some(complaint) = disagreement(hello.format, self.credentials.hello.format) {
            return self.distrust(slot, &complaint);
        }
        if let Some(complaint) = self.unwelcome(slot, key, &hello) {
            return self.distrust(slot, &complaint);
        }
        if self.is_removed(&hello) {
            return self.show_out(slot, Introduced { hello, key });
        }
        self.admit(slot, path, Introduced { hello, key });
    }

    /// The party behind a channel is who it must be: the channel carries its stream.
    fn admit(&mut self, slot: u8, path: Path, introduced: Introduced) {
        let (now, route) = (self.now, self.route);
        let is_direct = introduced.hello.direct && route != Route::Relay;
        let Some(peer) = self.peer_mut(slot) else { return };
        let is_new = peer.introduced.replace(introduced).is_none();
        peer.attach(path, now);
        let direct = if is_direct { peer.connect_directly() } else { None };
        self.take_steps(slot, direct.into_iter().collect());
        if is_new {
            self.tell_orders(slot);
        }
        self.names.extend(
            self.lobby()
                .members
                .into_iter()
                .filter(|other| other.sealed)
                .map(|other| (other.slot, other.name)),
        );
        self.look_for_absent();
        if is_new {
            self.get_acquainted(slot);
        }
        if is_new || !self.has_told_visit(slot) {
            self.authenticate_to(slot);
        }
        self.announce();
        self.begin_if_possible();
    }

    /// Someone else has taken the place of a party that was away.
    fn be_replaced(&mut self, slot: u8) {
        let error = self.complaint(slot, "left the room, and someone else took its place");
        self.remove(slot);
        self.give_up_if_any(error, Some(Cause::Member(slot)));
        self.meet(slot);
    }

    fn holder_of(&self, key: PublicKey, but: u8) -> Option<String> {
        if key == self.credentials.key() {
            return Some("this party".to_owned());
        }
        let peers = &self.seat.as_ref()?.peers;
        let known = |peer: &Peer| peer.introduced.as_ref().is_some_and(|other| other.key == key);
        let others = peers.iter().filter(|(slot, _)| **slot != but);
        let slot = others.into_iter().find_map(|(&slot, peer)| known(peer).then_some(slot))?;
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
