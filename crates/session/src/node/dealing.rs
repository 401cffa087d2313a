//! The dealer, as one session needs it.

use bytes::Bytes;
use cryptab_correlation::Seed;
use cryptab_link::Event as LineEvent;
use cryptab_wire::FromDealer;
use zeroize::Zeroize;

use super::{Forming, Node, Phase};
use crate::dealer::Line;
use crate::message::Cause;
use crate::name::readable;
use crate::{Error, Output};

impl Node {
    /// The connection is there.
    pub(super) fn open_dealer(&mut self) {
        let Some(line) = line(&mut self.phase) else { return };
        match line.open(&self.credentials) {
            Ok(first) => self.outputs.extend(first.map(Output::ToDealer)),
            Err(complaint) => self.lose_line(complaint),
        }
    }

    /// The connection has ended or could not be made.
    pub(super) fn lose_dealer(&mut self, reason: &str) {
        if line(&mut self.phase).is_some() {
            self.lose_line(readable(reason));
        }
    }

    pub(super) fn hear_dealer(&mut self, packet: &[u8]) {
        let Some(line) = line(&mut self.phase) else { return };
        let events = match line.receive(packet) {
            Ok(events) => events,
            Err(complaint) => return self.lose_line(complaint),
        };
        for event in events {
            match event {
                LineEvent::Send(packet) => self.outputs.push_back(Output::ToDealer(packet)),
                LineEvent::Open { .. } => {}
                LineEvent::Message(message) => self.hear_deal(message.into()),
            }
        }
    }

    /// Asks the dealer of a session for something.
    pub(super) fn ask_dealer(&mut self, request: Vec<u8>) {
        let Phase::Running(running) = &mut self.phase else { return };
        if running.dealer.ask(request.clone()) {
            self.send_dealer(&request);
        }
    }

    fn send_dealer(&mut self, message: &[u8]) {
        let Some(line) = line(&mut self.phase) else { return };
        match line.seal(message) {
            Ok(packets) => self.outputs.extend(packets.into_iter().map(Output::ToDealer)),
            Err(complaint) => self.lose_line(complaint),
        }
    }

    /// Seeds begin a session, corrections go on with it, anything else ends it.
    fn hear_deal(&mut self, message: Bytes) {
        match (FromDealer::parse(&message), &mut self.phase) {
            (Ok(FromDealer::Seed(seed)), Phase::Forming(Forming { seed: slot @ None, .. })) => {
                *slot = Some(Seed::from_bytes(*seed));
                // The copy of the secret that came with the message.
                if let Ok(mut message) = message.try_into_mut() {
                    message.as_mut().zeroize();
                }
                self.start_if_possible();
            }
            (Ok(FromDealer::Seed(seed)), Phase::Running(running)) => {
                match running.dealer.reopen(seed) {
                    Some(unanswered) => unanswered.iter().for_each(|one| self.send_dealer(one)),
                    None => self.fail_dealer("gave this session another seed".to_owned()),
                }
            }
            (Ok(FromDealer::Correction(correction)), Phase::Running(running))
                if running.dealer.is_asked() =>
            {
                running.dealer.answered();
                if let Err(error) = running.engine.receive_correction(message.slice_ref(correction))
                {
                    let error = self.explain(error);
                    self.fail_dealer_with(error);
                }
            }
            (Ok(FromDealer::Refused(reason)), phase) => {
                let complaint = format!("refused this party: {}", readable(reason));
                // It shuts down, or believes that the line from before is still there.
                let passes = match phase {
                    Phase::Running(running) => running.dealer.bears_refusal(),
                    _ => false,
                };
                if passes { self.lose_line(complaint) } else { self.fail_dealer(complaint) }
            }
            (Ok(_), _) => self.fail_dealer("spoke out of turn".to_owned()),
            (Err(error), _) => self.fail_dealer(format!("sent what it must not: {error}")),
        }
    }

    /// The line is lost: a session that runs makes it anew, any other is over.
    fn lose_line(&mut self, complaint: String) {
        match self.phase {
            Phase::Running(_) => self.lose_supply(complaint),
            _ => self.fail_dealer(complaint),
        }
    }

    pub(super) fn fail_dealer(&mut self, complaint: String) {
        self.fail_dealer_with(Error::Dealer(complaint));
    }

    /// The session is over; a new one is tried after a while.
    pub(super) fn fail_dealer_with(&mut self, error: Error) {
        self.give_up_if_any(error, Some(Cause::Dealer));
        self.retry = Some(self.now + self.backoff.next());
    }
}

fn line(phase: &mut Phase) -> Option<&mut Line> {
    match phase {
        Phase::Lobby => None,
        Phase::Forming(forming) => forming.agreed.as_mut().map(|(_, line)| line),
        Phase::Running(running) => Some(&mut running.dealer.line),
    }
}
