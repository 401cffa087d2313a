//! How sessions end: someone left, is not trusted, or the node is finished.

use cryptab_engine as engine;

use super::{Node, Phase};
use crate::message::{Cause, Message};
use crate::{Error, Event, Output};

impl Node {
    /// A peer at fault.
    pub(super) fn complaint(&self, slot: u8, complaint: &str) -> Error {
        Error::Peer { slot, name: self.name_of(slot), complaint: complaint.to_owned() }
    }

    /// Stops listening to a peer, who is told so, and ends the session.
    pub(super) fn distrust(&mut self, slot: u8, complaint: &str) {
        let error = self.complaint(slot, complaint);
        let Some(peer) = self.peer_mut(slot) else { return };
        let farewell = peer.break_off();
        self.outputs.push_back(Output::ToRelay(farewell));
        self.outputs.push_back(Output::CloseDirect { slot });
        if matches!(self.phase, Phase::Lobby) {
            self.tell(Event::Failed(error));
        } else {
            self.give_up_if_any(error, Some(Cause::Member(slot)));
        }
    }

    /// Ends the session that runs or forms, if there is one. With a cause, tells the others.
    pub(super) fn give_up_if_any(&mut self, error: Error, cause: Option<Cause>) {
        if matches!(self.phase, Phase::Lobby) {
            return;
        }
        self.drop_session(&as_engine_error(&error));
        self.ended = Some(error.clone());
        self.tell(Event::Failed(error));
        if let Some(cause) = cause {
            self.tell_all(&Message::Restart { epoch: self.epoch, cause });
        }
        self.forget_absent();
    }

    /// Forgets the session: what the engine owes resolves to this error, the dealer is let go.
    pub(super) fn drop_session(&mut self, error: &engine::Error) {
        let line = match std::mem::replace(&mut self.phase, Phase::Lobby) {
            Phase::Lobby => None,
            Phase::Forming(forming) => forming.agreed.map(|(_, line)| line),
            Phase::Running(running) => {
                running.engine.fail(error.clone());
                if running.ledger.is_some() {
                    self.forget_journal();
                }
                Some(running.dealer.line)
            }
        };
        if line.is_some() {
            self.outputs.push_back(Output::CloseDealer);
        }
        for peer in self.seat.iter_mut().flat_map(|seat| seat.peers.values_mut()) {
            peer.standing.take_early();
            peer.away_since = None;
        }
    }

    /// Without a session nobody waits for those who are not in the room, or for the relay.
    fn forget_absent(&mut self) {
        let Some(seat) = &mut self.seat else { return };
        let is_online = seat.is_online;
        let absent = seat.peers.iter().filter(|(_, peer)| !is_online || !peer.is_in_room());
        for slot in absent.map(|(slot, _)| *slot).collect::<Vec<_>>() {
            seat.peers.remove(&slot);
            self.outputs.push_back(Output::CloseDirect { slot });
        }
        if !is_online {
            self.seat = None;
        }
    }

    /// Forgets the room: nobody is there any more.
    pub(super) fn leave_seat(&mut self, error: &Error) {
        self.drop_session(&as_engine_error(error));
        self.retry = None;
        let peers = self.seat.take().map(|seat| seat.peers).unwrap_or_default();
        self.outputs.extend(peers.into_keys().map(|slot| Output::CloseDirect { slot }));
    }

    /// Finishes the node.
    pub(super) fn close(&mut self, error: Error) {
        // What was said before still leaves, as far as the streams let it.
        let mut before = usize::MAX;
        while self.outputs.len() != before {
            before = self.outputs.len();
            self.flush();
        }
        self.leave_seat(&error);
        self.tell(Event::Closed(error));
        self.finished = true;
    }
}

/// The error as the engine's pending results resolve to it.
fn as_engine_error(error: &Error) -> engine::Error {
    match error {
        Error::Peer { slot, name, complaint } => engine::Error::Peer {
            peer: engine::Peer::Party(*slot),
            complaint: format!("({name}) {complaint}"),
        },
        Error::GivenUp { slot, .. } => {
            let complaint = error.to_string();
            engine::Error::Peer { peer: engine::Peer::Party(*slot), complaint }
        }
        Error::Dealer(complaint) => engine::Error::Peer {
            peer: engine::Peer::Dealer,
            complaint: format!("is lost: {complaint}"),
        },
        Error::Engine(error) => error.clone(),
        _ => engine::Error::Ended,
    }
}
