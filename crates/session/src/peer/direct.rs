//! The direct connection to a peer: wanted once its channel through the relay is sealed.

use std::time::Duration;

use bytes::Bytes;
use cryptab_link::{Channel, Event, Path};

use super::meeting::MEET_WITHIN;
use super::{Peer, Step};
use crate::Output;
use crate::backoff::Backoff;
use crate::credentials::Credentials;

/// What leads to a peer directly.
pub(super) struct Direct {
    state: State,
    /// Counts the attempts, as the side that offers does; signals of others are old.
    attempt: u8,
    backoff: Backoff,
}

enum State {
    /// Not wanted.
    Off,
    /// To be offered at this time, on the side that offers.
    Due(Duration),
    /// To be offered by the other side.
    Awaited,
    /// The driver makes it.
    Connecting,
    /// It is there since then.
    Open { channel: Box<Channel>, since: Duration },
}

impl Default for Direct {
    fn default() -> Self {
        Self { state: State::Off, attempt: 0, backoff: Backoff::of_direct_connections() }
    }
}

impl Direct {
    pub(super) fn channel(&mut self) -> Option<&mut Channel> {
        match &mut self.state {
            State::Open { channel, .. } if channel.is_open() => Some(channel),
            _ => None,
        }
    }

    /// When there is something to do: to offer it, or to give it up where the handshake does not end.
    pub(super) fn due(&self) -> Option<Duration> {
        match &self.state {
            State::Due(due) => Some(*due),
            State::Open { channel, since } if !channel.is_open() => Some(*since + MEET_WITHIN),
            _ => None,
        }
    }

    /// It has ended or could not be made: the side that offers tries again, later.
    pub(super) fn lose(&mut self, offers: bool, now: Duration) {
        if !matches!(self.state, State::Off) {
            self.state =
                if offers { State::Due(now + self.backoff.next()) } else { State::Awaited };
        }
    }

    /// A signal came through the relay: what to do with it, or nothing if it is none. The side that
    /// offers counts the attempts; what belongs to another one is late.
    pub(super) fn hear(&mut self, slot: u8, offers: bool, aside: &[u8]) -> Option<Vec<Output>> {
        let (&attempt, signal) = aside.split_first()?;
        let is_present = matches!(self.state, State::Connecting | State::Open { .. });
        let is_next = (1..u8::MAX / 2).contains(&attempt.wrapping_sub(self.attempt));
        let signal = Output::DirectSignal { slot, bytes: signal.to_vec() };
        if is_present && attempt == self.attempt {
            return Some(vec![signal]);
        }
        if offers || !is_next || matches!(self.state, State::Off) {
            return Some(Vec::new());
        }
        self.attempt = attempt;
        self.state = State::Connecting;
        let connect = Output::ConnectDirect { slot, offers };
        Some(vec![Output::CloseDirect { slot }, connect, signal])
    }
}

impl Peer {
    /// A direct connection is wanted: the first attempt.
    pub(crate) fn connect_directly(&mut self) -> Option<Step> {
        if !matches!(self.direct.state, State::Off) {
            return None;
        }
        self.direct.state = State::Connecting;
        Some(Step::Send(Output::ConnectDirect { slot: self.slot, offers: self.offers() }))
    }

    /// The peer's process is another one: a direct connection to the former is of no use.
    pub(super) fn connect_directly_anew(&mut self) -> Vec<Step> {
        if matches!(self.direct.state, State::Off) {
            return Vec::new();
        }
        self.direct = Direct::default();
        let close = Step::Send(Output::CloseDirect { slot: self.slot });
        [Some(close), self.connect_directly()].into_iter().flatten().collect()
    }

    /// The next attempt, or the end of one that leads nowhere, if it is time.
    pub(super) fn tend_direct(&mut self, now: Duration) -> Option<Step> {
        self.direct.due().filter(|due| *due <= now)?;
        if matches!(self.direct.state, State::Open { .. }) {
            return Some(self.close_direct(now));
        }
        if self.line.channel().is_none() {
            // There is nothing to signal through.
            self.direct.lose(true, now);
            return None;
        }
        self.direct.attempt = self.direct.attempt.wrapping_add(1);
        self.direct.state = State::Connecting;
        Some(Step::Send(Output::ConnectDirect { slot: self.slot, offers: true }))
    }

    /// The driver's connection has something to tell the other side's.
    pub(crate) fn signal_directly(&mut self, signal: &[u8]) {
        if matches!(self.direct.state, State::Connecting) {
            self.stream.aside(Bytes::from([&[self.direct.attempt], signal].concat()));
        }
    }

    /// The direct connection is open: a handshake begins there.
    pub(crate) fn open_direct(&mut self, credentials: &Credentials, now: Duration) -> Vec<Step> {
        if !matches!(self.direct.state, State::Connecting) {
            return Vec::new();
        }
        let begun = credentials.channel(self.slots, self.me).and_then(|mut channel| {
            let first = channel.start()?;
            Ok((channel, first))
        });
        let Ok((channel, first)) = begun else { return vec![self.close_direct(now)] };
        self.direct.state = State::Open { channel: Box::new(channel), since: now };
        first.into_iter().map(|bytes| self.to_direct(bytes)).collect()
    }

    /// Takes a packet that came directly; the error is a complaint about the peer.
    pub(crate) fn receive_direct(
        &mut self,
        packet: &[u8],
        now: Duration,
    ) -> Result<Vec<Step>, String> {
        let State::Open { channel, .. } = &mut self.direct.state else { return Ok(Vec::new()) };
        let Ok(events) = channel.receive(packet) else { return Ok(vec![self.close_direct(now)]) };
        let mut steps = Vec::new();
        for event in events {
            match event {
                Event::Send(packet) => steps.push(self.to_direct(packet)),
                Event::Open { peer, hello } => {
                    self.direct.backoff.reset();
                    steps.push(Step::Sealed { path: Path::Direct, key: peer, hello });
                }
                Event::Message(message) => steps.extend(self.take(Path::Direct, &message, now)?),
            }
        }
        Ok(steps)
    }

    /// The direct connection has ended or could not be made.
    pub(crate) fn lose_direct(&mut self, now: Duration) {
        self.stream.detach(Path::Direct);
        self.direct.lose(self.offers(), now);
    }

    /// Ends the direct connection; another one may be tried.
    pub(crate) fn close_direct(&mut self, now: Duration) -> Step {
        self.lose_direct(now);
        Step::Send(Output::CloseDirect { slot: self.slot })
    }

    /// Whether this side makes the offer.
    pub(super) const fn offers(&self) -> bool {
        self.slots.initiator() == self.me
    }

    const fn to_direct(&self, bytes: Vec<u8>) -> Step {
        Step::Send(Output::ToDirect { slot: self.slot, bytes })
    }
}
