//! Who is in the room, as the application is told.

use super::{Node, Phase, Seat};
use crate::acquaintance::Recognition;
use crate::{DealerState, Event, Lobby, Member, Path, Role};

impl Node {
    /// Who is here.
    #[must_use]
    pub fn lobby(&self) -> Lobby {
        let (me, members) = match &self.seat {
            Some(seat) => (seat.slot, self.members(seat)),
            None => (0, Vec::new()),
        };
        Lobby {
            members,
            parties: self.credentials.invite.parties,
            me,
            is_online: self.seat.as_ref().is_some_and(|seat| seat.is_online),
            dealer: self.dealer_state(),
            authentication: self.authentication(),
        }
    }

    fn members(&self, seat: &Seat) -> Vec<Member> {
        let hello = &self.credentials.hello;
        let mut members = vec![Member {
            slot: seat.slot,
            name: hello.name.clone(),
            role: hello.role,
            you: true,
            sealed: true,
            path: Path::Relay,
            away: false,
            fingerprint: self.credentials.key().fingerprint(),
            verified: false,
            changed_key: false,
            token: hello.token().map(|token| token.to_string()),
        }];
        let here = seat.peers.iter().filter(|(_, peer)| !peer.has_left);
        members.extend(here.map(|(&slot, peer)| match &peer.introduced {
            Some(introduced) => {
                let recognition = self.acquaintances.recognise(introduced);
                Member {
                    slot,
                    name: introduced.hello.name.clone(),
                    role: introduced.hello.role,
                    you: false,
                    sealed: true,
                    path: peer.path(),
                    away: peer.away_since.is_some(),
                    fingerprint: introduced.key.fingerprint(),
                    verified: recognition == Recognition::Verified,
                    changed_key: recognition == Recognition::Changed,
                    token: introduced.hello.token().map(|token| token.to_string()),
                }
            }
            None => Member {
                slot,
                name: placeholder(slot),
                role: Role::Help,
                you: false,
                sealed: false,
                path: Path::Relay,
                away: false,
                fingerprint: String::new(),
                verified: false,
                changed_key: false,
                token: None,
            },
        }));
        members.sort_by_key(|member| member.slot);
        tell_namesakes_apart(&mut members);
        members
    }

    pub(super) fn dealer_state(&self) -> DealerState {
        let line = match &self.phase {
            Phase::Running(running) if running.dealer.is_lost() => return DealerState::Lost,
            Phase::Running(running) => Some(&running.dealer.line),
            Phase::Forming(forming) => forming.agreed.as_ref().map(|(_, line)| line),
            Phase::Lobby => None,
        };
        match line {
            Some(line) if line.is_sealed() => DealerState::Sealed,
            Some(_) => DealerState::Connecting,
            None if self.retry.is_some() => DealerState::Lost,
            None => DealerState::Waiting,
        }
    }

    pub(super) fn name_of(&self, slot: u8) -> String {
        self.names.get(&slot).cloned().unwrap_or_else(|| placeholder(slot))
    }

    /// Tells the application about the lobby if that has changed.
    pub(super) fn announce(&mut self) {
        let lobby = self.lobby();
        if !self.finished && self.welcomed && self.shown.as_ref() != Some(&lobby) {
            self.shown = Some(lobby.clone());
            self.tell(Event::Lobby(lobby));
        }
    }
}

fn placeholder(slot: u8) -> String {
    format!("the party in slot {slot}")
}

/// Puts the slot behind names that several members have.
fn tell_namesakes_apart(members: &mut [Member]) {
    let names: Vec<_> = members.iter().map(|member| member.name.clone()).collect();
    for member in members {
        if names.iter().filter(|name| **name == member.name).count() > 1 {
            member.name = format!("{} (slot {})", member.name, member.slot);
        }
    }
}
