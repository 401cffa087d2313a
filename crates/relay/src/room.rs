//! One room: who sits in which slot.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use cryptab_wire::{FromRelay, Refusal};

use crate::mailbox::{Delivery, Mailbox};
use crate::tally::Ticket;
use crate::telemetry::{Counted, Telemetry};

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
}

/// Who asks for a seat.
#[derive(Clone, Copy)]
pub(crate) struct Applicant {
    pub(crate) member: [u8; 16],
    pub(crate) slot: Option<u8>,
}

/// A room and its seats.
pub(crate) struct Room {
    pub(crate) id: RoomId,
    pub(crate) deadline: Instant,
    terms: Terms,
    seats: RwLock<Seats>,
    telemetry: Telemetry,
    _counted: Counted,
    _ticket: Ticket,
}

/// A member's place in a room; dropping it tells the others that the member left.
pub(crate) struct Seat {
    pub(crate) room: Arc<Room>,
    pub(crate) slot: u8,
    _counted: Counted,
}

impl Room {
    /// An empty room that ends at `deadline`.
    pub(crate) fn new(
        id: RoomId,
        terms: Terms,
        deadline: Instant,
        now: Instant,
        ticket: Ticket,
        telemetry: &Telemetry,
    ) -> Self {
        let occupants = (0..terms.parties).map(|_| None).collect();
        Self {
            id,
            deadline,
            terms,
            seats: RwLock::new(Seats { occupants, empty_since: Some(now) }),
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
    ) -> Result<Seat, Refusal> {
        if terms != self.terms {
            return Err(Refusal::Mismatch);
        }
        let mut seats = self.write();
        let slot = seats.choose(applicant)?;
        let present = seats.present().collect();
        mailbox.notify(FromRelay::Welcome { slot, present }.encode());
        seats.tell_all(&FromRelay::Joined { slot });
        seats.occupants[usize::from(slot)] = Some(Occupant { member: applicant.member, mailbox });
        seats.empty_since = None;
        drop(seats);
        self.telemetry.joins.increment(1);
        Ok(Seat { room: Arc::clone(self), slot, _counted: Counted::new(&self.telemetry.members) })
    }

    /// Delivers a message to slot `to` as soon as its mailbox has space; for an empty slot it is
    /// dropped.
    pub(crate) async fn forward(&self, to: u8, message: Bytes) {
        let mailbox = self.read().mailbox(to);
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
    pub(crate) fn is_over(&self, now: Instant, grace: Duration) -> bool {
        self.read().empty_since.is_some_and(|since| now >= self.deadline || now >= since + grace)
    }

    pub(crate) fn parties(&self) -> u8 {
        self.terms.parties
    }

    fn leave(&self, slot: u8, now: Instant) {
        let mut seats = self.write();
        seats.occupants[usize::from(slot)] = None;
        seats.tell_all(&FromRelay::Left { slot });
        if seats.present().next().is_none() {
            seats.empty_since = Some(now);
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Seats> {
        self.seats.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Seats> {
        self.seats.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.room.leave(self.slot, Instant::now());
    }
}

impl fmt::Debug for RoomId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = blake3::derive_key("cryptab relay room label 1", &self.0);
        hash[..4].iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

struct Seats {
    /// By slot.
    occupants: Box<[Option<Occupant>]>,
    empty_since: Option<Instant>,
}

struct Occupant {
    member: [u8; 16],
    mailbox: Mailbox,
}

impl Seats {
    fn choose(&self, applicant: Applicant) -> Result<u8, Refusal> {
        if self.occupants.iter().flatten().any(|other| other.member == applicant.member) {
            return Err(Refusal::MemberPresent);
        }
        let lowest =
            (0..).zip(&self.occupants).find_map(|(slot, seat)| seat.is_none().then_some(slot));
        let lowest = lowest.ok_or(Refusal::Full)?;
        match applicant.slot {
            None => Ok(lowest),
            Some(slot) => match self.occupants.get(usize::from(slot)) {
                None => Err(Refusal::Malformed),
                Some(Some(_)) => Err(Refusal::SlotTaken),
                Some(None) => Ok(slot),
            },
        }
    }

    fn present(&self) -> impl Iterator<Item = u8> {
        (0..).zip(&self.occupants).filter_map(|(slot, seat)| seat.is_some().then_some(slot))
    }

    fn mailbox(&self, slot: u8) -> Option<Mailbox> {
        self.occupants.get(usize::from(slot))?.as_ref().map(|occupant| occupant.mailbox.clone())
    }

    fn tell_all(&self, notice: &FromRelay) {
        for occupant in self.occupants.iter().flatten() {
            occupant.mailbox.notify(notice.encode());
        }
    }
}
