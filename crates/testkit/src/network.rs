use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::{Action, Endpoint, Envelope};

type Interceptor = Box<dyn FnMut(&Envelope) -> Action>;

/// Messages in flight, on a simulated clock.
pub struct Network {
    clock: u64,
    latency: u64,
    dealer_latency: u64,
    sent: usize,
    flight: BinaryHeap<Reverse<(u64, usize)>>,
    envelopes: Vec<Option<Envelope>>,
    record: Option<Vec<Envelope>>,
    interceptor: Option<Interceptor>,
}

impl Network {
    pub(crate) fn new() -> Self {
        Self {
            clock: 0,
            latency: 1_000,
            dealer_latency: 1_000,
            sent: 0,
            flight: BinaryHeap::new(),
            envelopes: Vec::new(),
            record: None,
            interceptor: None,
        }
    }

    /// Calls `interceptor` for every message from now on.
    pub fn intercept(&mut self, interceptor: impl FnMut(&Envelope) -> Action + 'static) {
        self.interceptor = Some(Box::new(interceptor));
    }

    /// Keeps a copy of every message from now on.
    pub fn record(&mut self) {
        self.record = Some(Vec::new());
    }

    /// The messages kept so far.
    #[must_use]
    pub fn recorded(&self) -> &[Envelope] {
        self.record.as_deref().unwrap_or_default()
    }

    /// Microseconds a message between parties takes.
    pub const fn set_latency(&mut self, microseconds: u64) {
        self.latency = microseconds;
    }

    /// Microseconds a message to or from the dealer takes.
    pub const fn set_dealer_latency(&mut self, microseconds: u64) {
        self.dealer_latency = microseconds;
    }

    /// Microseconds since the start.
    #[must_use]
    pub const fn now(&self) -> u64 {
        self.clock
    }

    pub(crate) fn send(&mut self, from: Endpoint, to: Endpoint, bytes: Vec<u8>) {
        let envelope = Envelope { from, to, bytes, number: self.sent };
        self.sent += 1;
        if let Some(record) = &mut self.record {
            record.push(envelope.clone());
        }
        let action = self.interceptor.as_mut().map_or(Action::Deliver, |decide| decide(&envelope));
        match action {
            Action::Deliver => self.post(0, envelope),
            Action::Delay(later) => self.post(later, envelope),
            Action::Drop => {}
            Action::Alter(bytes) => self.post(0, Envelope { bytes, ..envelope }),
            Action::Replay => {
                self.post(0, envelope.clone());
                self.post(0, envelope);
            }
        }
    }

    fn post(&mut self, later: u64, envelope: Envelope) {
        let with_dealer = [envelope.from, envelope.to].contains(&Endpoint::Dealer);
        let takes = if with_dealer { self.dealer_latency } else { self.latency };
        self.flight.push(Reverse((self.clock + takes + later, self.envelopes.len())));
        self.envelopes.push(Some(envelope));
    }

    /// The next message to arrive; the clock moves to that moment.
    pub(crate) fn arrive(&mut self) -> Option<Envelope> {
        let Reverse((time, index)) = self.flight.pop()?;
        self.clock = time;
        self.envelopes[index].take()
    }
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network").field("clock", &self.clock).finish_non_exhaustive()
    }
}
