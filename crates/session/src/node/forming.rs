//! From a complete room to a session: nonces, agreement, seed.

use cryptab_correlation::Seed;

use super::{Forming, Node, Phase, Running};
use crate::agreement::{Agreement, Signatory};
use crate::computation::{self, Terms};
use crate::dealer::Line;
use crate::message::{Cause, Message};
use crate::supply::Supply;
use crate::{Error, Event, Output, cast};

impl Node {
    /// Whether everyone is here and every channel is sealed.
    pub(super) fn is_complete(&self) -> bool {
        let parties = usize::from(self.credentials.invite.parties);
        self.seat.as_ref().is_some_and(|seat| {
            seat.peers.len() + 1 == parties && seat.peers.values().all(|peer| peer.is_sealed())
        })
    }

    /// The room may have become complete.
    pub(super) fn begin_if_possible(&mut self) {
        let idle = matches!(self.phase, Phase::Lobby) && self.retry.is_none();
        if !idle || !self.is_complete() {
            return;
        }
        match cast::check(&self.credentials.invite.program, &self.lobby().members) {
            Ok(()) => self.begin(),
            Err(error) => self.tell(Event::Failed(error)),
        }
    }

    /// The dealer is tried again, if it is time.
    pub(super) fn retry_when_due(&mut self) {
        if self.retry.is_some_and(|due| due <= self.now) {
            self.retry = None;
            self.begin_if_possible();
        }
    }

    /// Begins to form a session, later than all that were given up.
    pub(super) fn begin(&mut self) {
        let (nonce, own) = match (random(), random()) {
            (Ok(nonce), Ok(own)) => (nonce, Seed::from_bytes(own)),
            (Err(error), _) | (_, Err(error)) => return self.close(error),
        };
        let peers = self.seat.iter().flat_map(|seat| seat.peers.values());
        let earliest = peers.map(|peer| peer.standing.earliest()).max().unwrap_or(0);
        self.epoch = earliest.max(self.epoch + 1);
        self.retry = None;
        self.phase = Phase::Forming(Forming { nonce, own, agreed: None, seed: None });
        self.tell_all(&Message::Nonce { epoch: self.epoch, nonce });
        self.agree_if_possible();
    }

    /// A peer wants a session: joins it, or says why that cannot be.
    pub(super) fn hear_nonce(&mut self, from: u8, epoch: u64, nonce: [u8; 32]) {
        let Some(peer) = self.peer_mut(from) else { return };
        if let Err(complaint) = peer.standing.propose(epoch, nonce) {
            return self.distrust(from, complaint);
        }
        if epoch < self.epoch {
            // It will hear of ours.
            return;
        }
        if epoch == self.epoch {
            return self.agree_if_possible();
        }
        if matches!(self.phase, Phase::Running(_)) {
            let error = self.complaint(from, "has begun a new session");
            self.give_up_if_any(error, Some(Cause::Member(from)));
        }
        if let Some(broken) = self.broken_slot() {
            self.epoch = epoch;
            return self.tell_peer(from, &Message::Restart { epoch, cause: Cause::Member(broken) });
        }
        let cast = cast::check(&self.credentials.invite.program, &self.lobby().members);
        if self.is_complete() && cast.is_ok() {
            self.drop_session(&cryptab_engine::Error::Ended);
            self.begin();
        }
    }

    /// A peer has given up a session.
    pub(super) fn hear_restart(&mut self, from: u8, epoch: u64, cause: Cause) {
        let Some(peer) = self.peer_mut(from) else { return };
        peer.standing.withdraw(epoch);
        if epoch != self.epoch && cause != Cause::Forgotten {
            return;
        }
        let error = match cause {
            Cause::Dealer => Error::Dealer(format!("{} has lost it", self.name_of(from))),
            Cause::Member(slot) => {
                let because = match &self.seat {
                    Some(seat) if seat.slot == slot => "this party".to_owned(),
                    _ => self.name_of(slot),
                };
                Error::GivenUp { slot: from, name: self.name_of(from), because }
            }
            Cause::Engine => self.complaint(from, "ended the session: its computation stopped"),
            Cause::Forgotten => self.complaint(from, "had given the session up meanwhile"),
        };
        self.give_up_if_any(error, None);
        if cause == Cause::Forgotten {
            self.begin_if_possible();
        }
    }

    /// What a peer agrees to.
    pub(super) fn hear_agree(&mut self, from: u8, digest: [u8; 32]) {
        let Some(peer) = self.peer_mut(from) else { return };
        if !peer.standing.is_willing() {
            return;
        }
        if let Err(complaint) = peer.standing.agree(digest) {
            return self.distrust(from, complaint);
        }
        self.compare();
    }

    /// The dealer's seed has come, or an agreement: the session may begin.
    pub(super) fn start_if_possible(&mut self) {
        let (Phase::Forming(Forming { agreed: Some((agreement, _)), .. }), Some(seat)) =
            (&self.phase, &self.seat)
        else {
            return;
        };
        let digest = Some(agreement.digest);
        if seat.peers.values().any(|peer| peer.standing.digest(self.epoch) != digest) {
            return;
        }
        let terms = Terms {
            me: seat.slot,
            parties: self.credentials.invite.parties,
            format: self.credentials.hello.format,
            reveal: self.reveal,
        };
        self.phase = match std::mem::replace(&mut self.phase, Phase::Lobby) {
            Phase::Forming(Forming {
                agreed: Some((agreement, line)),
                seed: Some(seed),
                own,
                ..
            }) => {
                let hello = agreement.dealer_hello(terms.me);
                let dealer = Supply::new(line, hello, blake3::hash(seed.expose()));
                let ledger = self.begin_ledger(terms, &agreement, &seed, &own);
                let engine = computation::start(terms, agreement.session, seed, own);
                if ledger.is_some() {
                    engine.keep_fingerprints();
                }
                Phase::Running(Running::new(engine, dealer, ledger.map(Box::new)))
            }
            phase => {
                self.phase = phase;
                return;
            }
        };
        self.ended = None;
        self.backoff.reset();
        self.look_for_absent();
        self.announce();
        self.tell(Event::Ready);
        self.hear_early();
    }

    /// Once all nonces are there: agrees, and calls the dealer.
    fn agree_if_possible(&mut self) {
        let (Phase::Forming(Forming { nonce, agreed: None, .. }), Some(seat)) =
            (&self.phase, &self.seat)
        else {
            return;
        };
        let mine = Signatory {
            key: self.credentials.key(),
            dealer_key: self.credentials.hello.dealer_key,
            role: self.credentials.hello.role,
            nonce: *nonce,
        };
        let mut signatories = Vec::with_capacity(seat.peers.len() + 1);
        for slot in 0..self.credentials.invite.parties {
            if slot == seat.slot {
                signatories.push(mine);
                continue;
            }
            let Some(peer) = seat.peers.get(&slot) else { return };
            let Some(introduced) = &peer.introduced else { return };
            let Some(nonce) = peer.standing.nonce(self.epoch) else { return };
            let (key, role) = (introduced.key, introduced.hello.role);
            let dealer_key = introduced.hello.dealer_key;
            signatories.push(Signatory { key, dealer_key, role, nonce });
        }
        let hello = &self.credentials.hello;
        let agreement = Agreement::new(&self.credentials.invite, &signatories, hello.format);
        let line = Line::new(agreement.dealer_hello(seat.slot));
        let digest = agreement.digest;
        if let Phase::Forming(forming) = &mut self.phase {
            forming.agreed = Some((Box::new(agreement), line));
        }
        self.tell_all(&Message::Agree(digest));
        self.outputs.push_back(Output::ConnectDealer);
        self.compare();
    }

    /// Compares what the others agree to with what this party does.
    fn compare(&mut self) {
        let (Phase::Forming(Forming { agreed: Some((agreement, _)), .. }), Some(seat)) =
            (&self.phase, &self.seat)
        else {
            return;
        };
        let differs = seat.peers.iter().find_map(|(&slot, peer)| {
            let theirs = peer.standing.digest(self.epoch)?;
            (theirs != agreement.digest).then_some(slot)
        });
        match differs {
            Some(slot) => self.distrust(slot, "agrees to another session than this party"),
            None => self.start_if_possible(),
        }
    }

    fn broken_slot(&self) -> Option<u8> {
        let peers = &self.seat.as_ref()?.peers;
        peers.iter().find_map(|(&slot, peer)| peer.is_broken().then_some(slot))
    }
}

/// Fresh random bytes.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Randomness)?;
    Ok(bytes)
}
