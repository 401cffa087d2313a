//! From a complete room to the words that people compare. Independent of sessions: it goes on while
//! they form, run and end, and lasts as long as the same parties are together.

use std::collections::{BTreeMap, VecDeque};

use super::Node;
use super::forming::random;
use crate::Authentication;
use crate::authentication::{Gathering, Round, Visit};
use crate::message::Message;

/// What a party knows of the gatherings it was in.
#[derive(Debug, Default)]
pub(super) struct Authenticating {
    /// This party's stay in the room; drawn when it is first told.
    visit: Option<Visit>,
    /// What peers said since they were introduced, or came back from a restart, by slot.
    met: BTreeMap<u8, Met>,
    /// The present gathering, while the visits of all are known.
    present: Option<Gathering>,
    /// The latest gatherings; who was away for a moment comes back to one of them.
    rounds: VecDeque<Round>,
}

#[derive(Debug, Default)]
struct Met {
    visit: Option<Visit>,
    /// Its commitment in a gathering that this party has not come to yet.
    early: Option<(Gathering, [u8; 32])>,
}

impl Authenticating {
    fn round(&mut self, gathering: Gathering) -> Option<&mut Round> {
        self.rounds.iter_mut().find(|round| round.gathering == gathering)
    }
}

impl Node {
    /// The string of those who are here, once it is known.
    pub(super) fn authentication(&self) -> Option<Authentication> {
        let present = self.authenticating.present.filter(|_| self.is_complete())?;
        let mut rounds = self.authenticating.rounds.iter();
        rounds.find(|round| round.gathering == present)?.authentication().cloned()
    }

    /// Whether the peer was told of this party's visit.
    pub(super) fn has_told_visit(&self, slot: u8) -> bool {
        self.authenticating.met.contains_key(&slot)
    }

    /// A peer is new, or has forgotten: tells it of this party's visit.
    pub(super) fn authenticate_to(&mut self, slot: u8) {
        let visit = match self.authenticating.visit {
            Some(visit) => visit,
            None => match random() {
                Ok(visit) => *self.authenticating.visit.insert(Visit(visit)),
                Err(error) => return self.close(error),
            },
        };
        self.authenticating.present = None;
        self.authenticating.met.insert(slot, Met::default());
        self.tell_peer(slot, &Message::Visit(visit));
    }

    pub(super) fn hear_visit(&mut self, from: u8, visit: Visit) {
        let Some(met) = self.authenticating.met.get_mut(&from) else { return };
        if met.visit.replace(visit).is_some_and(|known| known != visit) {
            return self.distrust(from, "told twice of its visit");
        }
        self.gather();
    }

    pub(super) fn hear_commit(&mut self, from: u8, gathering: Gathering, commitment: [u8; 32]) {
        if let Some(round) = self.authenticating.round(gathering) {
            match round.commit(from, commitment) {
                Ok(Some(value)) => self.tell_all(&Message::Open { gathering, value }),
                Ok(None) => {}
                Err(complaint) => self.distrust(from, complaint),
            }
        } else if let Some(met) = self.authenticating.met.get_mut(&from) {
            met.early = Some((gathering, commitment));
        }
    }

    pub(super) fn hear_open(&mut self, from: u8, gathering: Gathering, value: [u8; 32]) {
        // Of another gathering it is an echo from before this party was resumed.
        let Some(round) = self.authenticating.round(gathering) else { return };
        if let Err(complaint) = round.open(from, value) {
            self.distrust(from, complaint);
        }
    }

    /// A visit became known, perhaps the last: commits to a value in the gathering of all.
    fn gather(&mut self) {
        let Some((gathering, keys, me)) = self.gathering() else { return };
        self.authenticating.present = Some(gathering);
        if let Some(round) = self.authenticating.round(gathering) {
            // A peer that was removed from the lobby has come back in the same visit.
            let (commitment, opening) = (round.commitment(), round.opening());
            self.tell_all(&Message::Commit { gathering, commitment });
            if let Some(value) = opening {
                self.tell_all(&Message::Open { gathering, value });
            }
            return;
        }
        let value = match random() {
            Ok(value) => value,
            Err(error) => return self.close(error),
        };
        let round = Round::new(gathering, keys, me, value);
        let commitment = round.commitment();
        if self.authenticating.rounds.len() == MAX_ROUNDS {
            self.authenticating.rounds.pop_front();
        }
        self.authenticating.rounds.push_back(round);
        self.tell_all(&Message::Commit { gathering, commitment });
        let met = self.authenticating.met.iter_mut();
        let early: Vec<_> = met
            .filter_map(|(&slot, met)| Some((slot, met.early.take_if(|(of, _)| *of == gathering)?)))
            .collect();
        for (slot, (_, commitment)) in early {
            self.hear_commit(slot, gathering, commitment);
        }
    }

    /// Those who are here, if they are all and have all told of their visits.
    fn gathering(&self) -> Option<(Gathering, Vec<cryptab_link::PublicKey>, u8)> {
        let seat = self.seat.as_ref().filter(|_| self.is_complete())?;
        let mut present = Vec::with_capacity(seat.peers.len() + 1);
        for slot in 0..self.credentials.invite.parties {
            present.push(if slot == seat.slot {
                (self.credentials.key(), self.authenticating.visit?)
            } else {
                let key = seat.peers.get(&slot)?.introduced.as_ref()?.key;
                (key, self.authenticating.met.get(&slot)?.visit?)
            });
        }
        let gathering = Gathering::new(&self.credentials.invite, &present);
        Some((gathering, present.into_iter().map(|(key, _)| key).collect(), seat.slot))
    }
}

/// How many gatherings are remembered. Nobody comes back to an older one under the same visit.
const MAX_ROUNDS: usize = 64;
