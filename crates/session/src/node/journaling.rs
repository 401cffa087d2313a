//! What is written down of a session, and what waits until it is saved.

use cryptab_correlation::Seed;
use cryptab_engine as engine;
use cryptab_wire::ToDealer;

use super::{Node, Phase, Running};
use crate::agreement::Agreement;
use crate::computation::Terms;
use crate::journal::{Entry, Head, Known, Ledger, Word};
use crate::message::{Cause, Message};
use crate::name::readable;
use crate::{Error, Output};

impl Node {
    /// Begins the journal of a session, if one is wanted. Nothing either when a peer is not known well enough:
    /// that session ends with the process.
    pub(super) fn begin_ledger(
        &mut self,
        terms: Terms,
        agreement: &Agreement,
        seed: &Seed,
        own: &Seed,
    ) -> Option<Ledger> {
        let keeper = self.keeper.as_ref()?;
        let seat = self.seat.as_ref()?;
        let mut peers = Vec::with_capacity(seat.peers.len());
        for (&slot, peer) in &seat.peers {
            let introduced = peer.introduced.as_ref()?;
            let (key, hello) = (introduced.key.0, introduced.hello.encode());
            let early = peer.standing.early().to_vec();
            peers.push(Known { slot, key, hello, memory: peer.memory()?, early });
        }
        let hello = &self.credentials.hello;
        let head = Head {
            version: Head::VERSION,
            epoch: self.epoch,
            slot: terms.me,
            role: hello.role,
            format: hello.format,
            session: agreement.session,
            dealer_hello: agreement.dealer_hello(terms.me),
            seed: *seed.expose(),
            own: *own.expose(),
            orders: self.orders.clone(),
            peers,
        };
        let mut ledger = Ledger::new(agreement.session, keeper.next);
        let (number, bytes) = ledger.write(&keeper.seal, &head.encode())?;
        self.put_down(number, bytes);
        Some(ledger)
    }

    /// A message has come: it is written down before anything is made of it.
    pub(super) fn note_message(&mut self, from: u8, delivered: [u64; 2], bytes: &[u8]) {
        if self.keeper.is_none() {
            return;
        }
        if let Some(peer) = self.peer_mut(from) {
            peer.heard = delivered;
        }
        let bytes = if Message::is_heard_again(bytes) { bytes } else { &[] };
        if self.write(&Entry::Message { from, delivered, bytes }) {
            if let Some(ledger) = self.ledger() {
                ledger.mark(from, delivered);
            }
        } else if let Some(peer) = self.peer_mut(from) {
            // Without a session there is nothing to resume.
            peer.save(delivered);
        }
    }

    /// A peer was resumed. In a session it gets what it lacks; any other is told that it is over.
    pub(super) fn hear_of_resume(&mut self, slot: u8, life: [u8; 8]) {
        if let Some(peer) = self.peer_mut(slot) {
            peer.heard = [0; 2];
        }
        if let Phase::Running(running) = &self.phase {
            running.engine.peer_resumed(slot);
            if let Some(ledger) = self.ledger() {
                ledger.forget_marks(slot);
            }
            self.write(&Entry::Resumed { slot, life });
            // Neither is in its journal.
            self.tell_orders(slot);
            self.authenticate_to(slot);
            return;
        }
        let error = self.complaint(slot, "came back into a session that had not begun");
        self.give_up_if_any(error, Some(Cause::Member(slot)));
        let epoch = self.epoch.max(1);
        self.tell_peer(slot, &Message::Restart { epoch, cause: Cause::Forgotten });
    }

    /// Entries up to this one are saved.
    pub(super) fn be_saved(&mut self, number: u64) {
        let Some(ledger) = self.ledger() else { return };
        for (slot, delivered) in ledger.save(number) {
            if let Some(peer) = self.peer_mut(slot) {
                peer.save(delivered);
            }
        }
        self.release();
    }

    /// The journal cannot be written: what waits for it never leaves, and the session is over.
    pub(super) fn lose_journal(&mut self, reason: &str) {
        let error = Error::Unsaved(readable(reason));
        if let Phase::Running(running) = &mut self.phase {
            running.ledger = None;
        }
        self.give_up_if_any(error.clone(), Some(Cause::Engine));
        self.close(error);
    }

    /// Writes down what the engine has recorded. Whether it is what was recorded before a restart.
    pub(super) fn note_program(&mut self) -> Result<(), engine::Error> {
        let Phase::Running(Running { engine, ledger: Some(ledger), .. }) = &mut self.phase else {
            return Ok(());
        };
        match ledger.look_at(engine) {
            Ok(entries) => {
                for entry in &entries {
                    self.write(entry);
                }
                Ok(())
            }
            Err(()) => {
                Err(engine::Error::Misuse { operation: "resume", reason: DIFFERS.to_owned() })
            }
        }
    }

    /// Says something of the session, once all that it depends on is saved.
    pub(super) fn speak(&mut self, word: Word) {
        match self.ledger() {
            Some(ledger) => ledger.hold(word),
            None => self.speak_now(word),
        }
    }

    /// Says what need not wait any longer.
    pub(super) fn release(&mut self) {
        while let Some(word) = self.ledger().and_then(Ledger::release) {
            self.speak_now(word);
        }
    }

    /// The session is over, or as good as over: what waits leaves, and nothing will be resumed.
    pub(super) fn release_for_good(&mut self) {
        let Phase::Running(running) = &mut self.phase else { return };
        let Some(ledger) = running.ledger.take() else { return };
        self.outputs.push_back(Output::ForgetJournal);
        ledger.release_all().into_iter().for_each(|word| self.speak_now(word));
    }

    /// The session is over: its journal is forgotten, and peers need keep nothing.
    pub(super) fn forget_journal(&mut self) {
        self.outputs.push_back(Output::ForgetJournal);
        for peer in self.seat.iter_mut().flat_map(|seat| seat.peers.values_mut()) {
            peer.save_all();
        }
    }

    fn speak_now(&mut self, word: Word) {
        match word {
            Word::Engine { to, message } => self.tell_engine(to, message),
            Word::Say { number, bytes } => self.tell_all(&Message::Say { number, bytes: &bytes }),
            Word::Dealer(request) => self.ask_dealer(ToDealer::Request(&request).encode()),
        }
    }

    fn ledger(&mut self) -> Option<&mut Ledger> {
        match &mut self.phase {
            Phase::Running(running) => running.ledger.as_deref_mut(),
            Phase::Lobby | Phase::Forming(_) => None,
        }
    }

    /// Writes an entry, if there is a journal of a session.
    fn write(&mut self, entry: &Entry<'_>) -> bool {
        let (Some(keeper), Phase::Running(Running { ledger: Some(ledger), .. })) =
            (&self.keeper, &mut self.phase)
        else {
            return false;
        };
        match ledger.write(&keeper.seal, &entry.encode()) {
            Some((number, bytes)) => self.put_down(number, bytes),
            None => self.close(Error::Randomness),
        }
        true
    }

    fn put_down(&mut self, number: u64, bytes: Vec<u8>) {
        if let Some(keeper) = &mut self.keeper {
            keeper.next = number + 1;
        }
        self.outputs.push_back(Output::Save { number, bytes });
    }
}

const DIFFERS: &str = "the program or its data are not those from before the restart; the same masks must not \
                       hide other data, so the session is over";
