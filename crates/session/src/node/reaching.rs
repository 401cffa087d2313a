//! The relay, the dealer and direct connections: lost, and made again.

use super::{Node, Phase};
use crate::name::readable;
use crate::{Error, Event, Output};

impl Node {
    /// The connection to the relay has ended. A session waits, or goes on by direct connections;
    /// without one, everybody is gone.
    pub(super) fn lose_relay(&mut self, reason: &str) {
        let error = Error::Relay(readable(reason));
        if !self.reached {
            return self.close(error);
        }
        self.forget_outputs(|output| matches!(output, Output::ToRelay(_)));
        self.relay.lose(self.now);
        // As long as everyone is reached directly, nobody needs it.
        if self.relay.is_hopeless(self.patience, self.now) && !self.reaches_everyone() {
            return self.close(error);
        }
        if matches!(self.phase, Phase::Running(_)) {
            if let Some(seat) = &mut self.seat {
                seat.is_online = false;
                seat.peers.values_mut().for_each(|peer| peer.lose_relay());
            }
            return self.look_for_absent();
        }
        // Whoever was let in before and is not in now knows why already.
        let is_news = self.seat.is_some() || !self.welcomed;
        self.leave_seat(&error);
        if is_news {
            self.tell(Event::Failed(error));
        }
    }

    /// Tries relay and dealer again, if it is time.
    pub(super) fn reach_services(&mut self) {
        let now = self.now;
        if self.relay.try_now(now) {
            self.outputs.push_back(Output::ConnectRelay);
        }
        if let Phase::Running(running) = &mut self.phase
            && running.dealer.reach.try_now(now)
        {
            self.outputs.push_back(Output::ConnectDealer);
        }
    }

    /// A session's dealer is lost: it is tried again, for a while.
    pub(super) fn lose_supply(&mut self, complaint: String) {
        self.forget_outputs(|output| matches!(output, Output::ToDealer(_)));
        let (now, patience) = (self.now, self.patience);
        let Phase::Running(running) = &mut self.phase else { return };
        let bears = running.dealer.bears_loss();
        running.dealer.lose(now);
        if !bears || running.dealer.reach.is_hopeless(patience, now) {
            return self.fail_dealer(complaint);
        }
        self.outputs.push_back(Output::CloseDealer);
    }

    pub(super) fn signal_directly(&mut self, slot: u8, signal: &[u8]) {
        if let Some(peer) = self.peer_mut(slot) {
            peer.signal_directly(signal);
        }
    }

    pub(super) fn open_direct(&mut self, slot: u8) {
        let now = self.now;
        let Some(peer) = self.seat.as_mut().and_then(|seat| seat.peers.get_mut(&slot)) else {
            return;
        };
        let steps = peer.open_direct(&self.credentials, now);
        self.take_steps(slot, steps);
    }

    pub(super) fn hear_directly(&mut self, slot: u8, packet: &[u8]) {
        let now = self.now;
        let Some(peer) = self.peer_mut(slot) else { return };
        match peer.receive_direct(packet, now) {
            Ok(steps) => self.take_steps(slot, steps),
            Err(complaint) => self.distrust(slot, &complaint),
        }
        self.look_for_absent();
    }

    pub(super) fn lose_direct(&mut self, slot: u8, reason: &str) {
        let now = self.now;
        self.forget_outputs(
            |output| matches!(output, Output::ToDirect { slot: to, .. } if *to == slot),
        );
        if let Some(peer) = self.peer_mut(slot) {
            peer.lose_direct(now);
            peer.trouble.get_or_insert_with(|| {
                format!("could not be reached directly: {}", readable(reason))
            });
        }
        self.look_for_absent();
    }
}
