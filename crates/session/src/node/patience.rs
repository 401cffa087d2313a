//! Whoever is away is waited for, for a while.

use std::time::Duration;

use super::{Node, Phase};
use crate::Output;
use crate::message::Cause;
use crate::peer::Step;

impl Node {
    /// Time has passed.
    pub(super) fn tick(&mut self) {
        self.retry_when_due();
        self.reach_services();
        let slots: Vec<_> = self.seat.iter().flat_map(|seat| seat.peers.keys().copied()).collect();
        for slot in slots {
            let now = self.now;
            let steps = self.peer_mut(slot).map(|peer| peer.tick(now)).unwrap_or_default();
            self.take_steps(slot, steps);
        }
        self.look_for_absent();
        self.wait_no_longer();
    }

    /// When a [`Input::Tick`](crate::Input::Tick) is due, if one is.
    #[must_use]
    pub fn wake(&self) -> Option<Duration> {
        if self.finished {
            return None;
        }
        let peers = || self.seat.iter().flat_map(|seat| seat.peers.values());
        let dealer = match &self.phase {
            Phase::Running(running) => running.dealer.reach.due(),
            _ => None,
        };
        let away = peers().filter(|_| matches!(self.phase, Phase::Running(_))).map(|peer| {
            peer.away_since.map_or_else(|| peer.silent_at(), |since| since + self.patience)
        });
        let services = [self.retry, self.relay.due(), dealer, Some(self.next_end())];
        peers()
            .filter_map(|peer| peer.wake())
            .chain(away)
            .chain(services.into_iter().flatten())
            .min()
    }

    /// In a session: who cannot be reached, or has fallen silent, is away.
    pub(super) fn look_for_absent(&mut self) {
        if !matches!(self.phase, Phase::Running(_)) {
            return;
        }
        let now = self.now;
        for peer in self.seat.iter_mut().flat_map(|seat| seat.peers.values_mut()) {
            if peer.is_here(now) {
                peer.away_since = None;
            } else {
                peer.away_since.get_or_insert(now);
            }
        }
    }

    /// Whether a session runs and everyone in it can be reached.
    pub(super) fn reaches_everyone(&self) -> bool {
        let mut peers = self.seat.iter().flat_map(|seat| seat.peers.values());
        matches!(self.phase, Phase::Running(_)) && peers.all(|peer| peer.is_here(self.now))
    }

    /// Gives up the session when someone in it has been away for too long.
    fn wait_no_longer(&mut self) {
        if !matches!(self.phase, Phase::Running(_)) {
            return;
        }
        let (now, patience) = (self.now, self.patience);
        let mut peers = self.seat.iter().flat_map(|seat| &seat.peers);
        let lost = peers.find_map(|(&slot, peer)| {
            let is_over = peer.away_since.is_some_and(|since| now >= since + patience);
            is_over.then(|| (slot, peer.trouble.clone()))
        });
        let Some((slot, trouble)) = lost else { return };
        let mut complaint = format!("has been away for {} seconds", patience.as_secs());
        if let Some(trouble) = trouble {
            complaint = format!("{complaint}; before, it {trouble}");
        }
        let error = self.complaint(slot, &complaint);
        self.give_up_if_any(error, Some(Cause::Member(slot)));
    }

    /// Does what a peer wants done.
    pub(super) fn take_steps(&mut self, slot: u8, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Send(output) => self.outputs.push_back(output),
                Step::Sealed { path, key, hello } => self.be_introduced(slot, path, key, &hello),
                Step::Message { bytes, delivered } => {
                    self.note_message(slot, delivered, &bytes);
                    self.hear_message(slot, bytes);
                }
                Step::Resumed { life } => self.hear_of_resume(slot, life),
                Step::Restarted => self.hear_of_restart(slot),
            }
        }
    }

    /// A peer has forgotten all: it was started anew.
    fn hear_of_restart(&mut self, slot: u8) {
        if let Some(peer) = self.peer_mut(slot) {
            peer.standing = crate::standing::Standing::default();
            peer.heard = [0; 2];
        }
        let error = self.complaint(
            slot,
            "has no part in the session any more: it was started anew, or gave it up",
        );
        self.give_up_if_any(error, Some(Cause::Member(slot)));
        self.authenticate_to(slot);
        self.begin_if_possible();
    }

    /// What peers are to be sent, as far as it goes at a time.
    pub(super) fn flush(&mut self) {
        let slots: Vec<_> = self.seat.iter().flat_map(|seat| seat.peers.keys().copied()).collect();
        for slot in slots {
            for _ in 0..AT_A_TIME {
                let now = self.now;
                let next = self.peer_mut(slot).and_then(|peer| peer.poll(now));
                match next {
                    Some(Ok(output)) => self.outputs.push_back(output),
                    Some(Err(complaint)) => self.distrust(slot, &complaint),
                    None => break,
                }
            }
        }
    }

    /// Forgets what was to be sent to where nothing arrives any more.
    pub(super) fn forget_outputs(&mut self, of: impl Fn(&Output) -> bool) {
        self.outputs.retain(|output| !of(output));
    }
}

/// Packets sealed for one peer before another one has its turn: 2 MiB.
const AT_A_TIME: usize = 32;
