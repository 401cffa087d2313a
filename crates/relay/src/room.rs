//! One room: who comes, who goes, and what passes between them.

mod orders;
mod seats;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use cryptab_wire::{Charter, FromRelay, Refusal, SignedOrder};
use tokio::sync::watch;

use crate::mailbox::{Delivery, Mailbox};
use crate::tally::Ticket;
use crate::telemetry::{Counted, Telemetry};

pub(crate) use orders::Orders;
pub(crate) use seats::{Applicant, Wish};
use seats::{Occupant, Seats};

/// A room's name. Whoever knows it may ask to come in, so it is never shown: `Debug` is a short
/// hash.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub(crate) struct RoomId(pub(crate) [u8; 16]);

/// What an invite says of a room; all who join must say the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Terms {
    pub(crate) parties: u8,
    /// Seconds since 1970.
    pub(crate) expires: u64,
    /// What its owner fixed, if it has one; the room's name is a hash of that.
    pub(crate) charter: Option<Charter>,
}

/// A room and its seats.
pub(crate) struct Room {
    pub(crate) id: RoomId,
    pub(crate) deadline: Instant,
    terms: Terms,
    grace: Duration,
    state: RwLock<State>,
    telemetry: Telemetry,
    _counted: Counted,
    _ticket: Ticket,
}

/// How long a room lasts.
pub(crate) struct Span {
    pub(crate) start: Instant,
    pub(crate) deadline: Instant,
    /// It ends sooner when nobody has been in it for so long.
    pub(crate) grace: Duration,
}

/// A member's place in a room; dropping it tells the others that the member left. Whoever did not
/// [`leave`](Seat::leave) finds its place free for a while.
pub(crate) struct Seat {
    pub(crate) room: Arc<Room>,
    pub(crate) slot: u8,
    /// Why the member must go, once it must.
    pub(crate) dismissed: watch::Receiver<Option<Refusal>>,
    has_left: bool,
    _counted: Counted,
}

struct State {
    seats: Seats,
    empty_since: Option<Instant>,
}

impl Room {
    /// An empty room, of which it is known what its owner has ordered.
    pub(crate) fn new(
        id: RoomId,
        terms: Terms,
        orders: Orders,
        span: Span,
        ticket: Ticket,
        telemetry: &Telemetry,
    ) -> Self {
        let Span { start, deadline, grace } = span;
        let state = State { seats: Seats::new(terms.parties, orders), empty_since: Some(start) };
        Self {
            id,
            deadline,
            terms,
            grace,
            state: RwLock::new(state),
            telemetry: telemetry.clone(),
            _counted: Counted::new(&telemetry.rooms),
            _ticket: ticket,
        }
    }

    /// Seats the applicant: in the slot asked for, or the lowest free one. Tells the applicant and
    /// the others.
    pub(crate) fn admit(
        self: &Arc<Self>,
        terms: Terms,
        applicant: Applicant,
        mailbox: Mailbox,
        now: Instant,
    ) -> Result<Seat, Refusal> {
        if terms != self.terms {
            return Err(Refusal::Mismatch);
        }
        let mut state = self.write();
        let State { seats, empty_since } = &mut *state;
        let slot = seats.choose(applicant, now)?;
        let present = seats.present().collect();
        mailbox.notify(FromRelay::Welcome { slot, present }.encode());
        seats.tell_all(&FromRelay::Joined { slot });
        let (dismissal, dismissed) = watch::channel(None);
        let Applicant { member, token, .. } = applicant;
        seats.seat(slot, Occupant { member, token, mailbox, dismissal });
        *empty_since = None;
        drop(state);
        self.telemetry.joins.increment(1);
        Ok(Seat {
            room: Arc::clone(self),
            slot,
            dismissed,
            has_left: false,
            _counted: Counted::new(&self.telemetry.members),
        })
    }

    /// Does what the owner wants. The order is genuine: see [`Room::is_owners`].
    pub(crate) fn obey(&self, order: SignedOrder) -> Result<(), Refusal> {
        self.write().seats.obey(order)
    }

    /// Whether this room's owner signed the order.
    pub(crate) fn is_owners(&self, order: &SignedOrder) -> bool {
        self.terms.charter.is_some_and(|charter| order.is_genuine(&charter))
    }

    /// Whether these terms show that whoever opened the room had no right to its name.
    pub(crate) fn is_usurped(&self, terms: &Terms) -> bool {
        self.terms.charter.is_none() && terms.charter.is_some()
    }

    /// Sends everybody away.
    pub(crate) fn dissolve(&self) {
        self.write().seats.dismiss(Refusal::NotSigned, |_| true);
    }

    /// Delivers a message to slot `to` as soon as its mailbox has space; for an empty slot it is
    /// dropped.
    pub(crate) async fn forward(&self, to: u8, message: Bytes) {
        let mailbox = self.read().seats.mailbox(to);
        let length = message.len() as u64;
        let delivery = match mailbox {
            Some(mailbox) => mailbox.deliver(message).await,
            None => Delivery::Gone,
        };
        match delivery {
            Delivery::Accepted => {
                self.telemetry.frames.increment(1);
                self.telemetry.bytes.increment(length);
            }
            Delivery::Gone => self.telemetry.dropped.increment(1),
        }
    }

    /// Whether nobody is in and nobody is waited for any longer.
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        let quiet = |since| now >= self.deadline || now >= since + self.grace;
        self.read().empty_since.is_some_and(quiet)
    }

    pub(crate) fn parties(&self) -> u8 {
        self.terms.parties
    }

    fn leave(&self, slot: u8, kept: Option<Instant>, now: Instant) {
        let mut state = self.write();
        state.seats.leave(slot, kept);
        state.seats.tell_all(&FromRelay::Left { slot });
        if state.seats.present().next().is_none() {
            state.empty_since = Some(now);
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// The member goes for good: its place is free at once.
    pub(crate) fn leave(mut self) {
        self.has_left = true;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let now = Instant::now();
        let kept = (!self.has_left).then(|| now + self.room.grace);
        self.room.leave(self.slot, kept, now);
    }
}

impl fmt::Debug for RoomId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = blake3::derive_key("cryptab relay room label 1", &self.0);
        hash[..4].iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}
