//! Who sits where in a room, for whom a place is kept, and what the owner has ordered.

use std::time::Instant;

use cryptab_wire::{FromRelay, Order, Refusal, SignedOrder, TokenId};
use tokio::sync::watch;

use super::orders::Orders;
use crate::mailbox::Mailbox;

/// Who asks for a seat.
#[derive(Clone, Copy)]
pub(crate) struct Applicant {
    pub(crate) member: [u8; 16],
    /// The token whose use it has proven.
    pub(crate) token: Option<TokenId>,
    pub(crate) slot: Wish,
}

/// Where an applicant wants to sit.
#[derive(Clone, Copy)]
pub(crate) enum Wish {
    /// Anywhere.
    Any,
    /// In this slot; while that is kept for somebody else, anywhere.
    Prefer(u8),
    /// In this slot alone.
    Only(u8),
}

/// The places of a room, by slot.
pub(super) struct Seats {
    places: Box<[Place]>,
    orders: Orders,
}

pub(super) struct Occupant {
    pub(super) member: [u8; 16],
    pub(super) token: Option<TokenId>,
    pub(super) mailbox: Mailbox,
    /// Says why the member must go.
    pub(super) dismissal: watch::Sender<Option<Refusal>>,
}

enum Place {
    Free,
    Taken(Occupant),
    /// Of a member whose connection broke, so that no stranger takes a part in what it began.
    Kept {
        member: [u8; 16],
        token: Option<TokenId>,
        until: Instant,
    },
}

impl Seats {
    /// Free ones; of the room it is known what its owner has ordered.
    pub(super) fn new(parties: u8, orders: Orders) -> Self {
        let places = (0..parties).map(|_| Place::Free).collect();
        Self { places, orders }
    }

    /// The slot for an applicant, or why there is none.
    pub(super) fn choose(&self, applicant: Applicant, now: Instant) -> Result<u8, Refusal> {
        self.orders.allow(applicant.token)?;
        for occupant in self.occupants() {
            if occupant.member == applicant.member {
                return Err(Refusal::MemberPresent);
            }
            if applicant.token.is_some() && occupant.token == applicant.token {
                return Err(Refusal::TokenInUse);
            }
        }
        let is_open = |slot: &u8| self.places[usize::from(*slot)].is_open_to(applicant, now);
        let kept = self.slots().find(|slot| self.places[usize::from(*slot)].is_kept_for(applicant));
        let best = kept.or_else(|| self.slots().find(is_open)).ok_or_else(|| self.no_place());
        match applicant.slot {
            Wish::Any => best,
            Wish::Prefer(slot) | Wish::Only(slot) => {
                let best = best?;
                match (self.places.get(usize::from(slot)), applicant.slot) {
                    (None, _) => Err(Refusal::Malformed),
                    (Some(Place::Taken(_)), _) => Err(Refusal::SlotTaken),
                    (Some(_), _) if is_open(&slot) => Ok(slot),
                    (Some(_), Wish::Only(_)) => Err(Refusal::Reserved),
                    (Some(_), _) => Ok(best),
                }
            }
        }
    }

    pub(super) fn seat(&mut self, slot: u8, occupant: Occupant) {
        for place in &mut self.places {
            if place.is_of(occupant.member, occupant.token) {
                *place = Place::Free;
            }
        }
        self.places[usize::from(slot)] = Place::Taken(occupant);
    }

    /// The member in this slot goes; with a time, its place is kept until then.
    pub(super) fn leave(&mut self, slot: u8, kept: Option<Instant>) {
        let place = &mut self.places[usize::from(slot)];
        *place = match (&*place, kept) {
            (&Place::Taken(Occupant { member, token, .. }), Some(until))
                if self.orders.allow(token).is_ok() =>
            {
                Place::Kept { member, token, until }
            }
            _ => Place::Free,
        };
    }

    /// Does what the owner wants, of which everybody is told: once, since notices have no limit of
    /// their own.
    pub(super) fn obey(&mut self, order: SignedOrder) -> Result<(), Refusal> {
        if !self.orders.add(order.order)? {
            return Ok(());
        }
        self.tell_all(&FromRelay::Ordered { order });
        match order.order {
            Order::Revoke(revoked) => {
                self.dismiss(Refusal::Revoked, |token| token == Some(revoked))
            }
            Order::Close => self.dismiss(Refusal::Closed, |_| true),
        }
        Ok(())
    }

    /// Sends away those whose token this says.
    pub(super) fn dismiss(&mut self, reason: Refusal, whom: impl Fn(Option<TokenId>) -> bool) {
        for place in &mut self.places {
            match place {
                Place::Taken(occupant) if whom(occupant.token) => {
                    occupant.dismissal.send_replace(Some(reason));
                }
                Place::Kept { token, .. } if whom(*token) => *place = Place::Free,
                _ => {}
            }
        }
    }

    pub(super) fn present(&self) -> impl Iterator<Item = u8> {
        self.slots().filter(|slot| matches!(self.places[usize::from(*slot)], Place::Taken(_)))
    }

    pub(super) fn mailbox(&self, slot: u8) -> Option<Mailbox> {
        match self.places.get(usize::from(slot))? {
            Place::Taken(occupant) => Some(occupant.mailbox.clone()),
            Place::Free | Place::Kept { .. } => None,
        }
    }

    pub(super) fn tell_all(&self, notice: &FromRelay) {
        for occupant in self.occupants() {
            occupant.mailbox.notify(notice.encode());
        }
    }

    fn occupants(&self) -> impl Iterator<Item = &Occupant> {
        self.places.iter().filter_map(|place| match place {
            Place::Taken(occupant) => Some(occupant),
            Place::Free | Place::Kept { .. } => None,
        })
    }

    fn slots(&self) -> impl Iterator<Item = u8> + use<> {
        (0..).take(self.places.len())
    }

    fn no_place(&self) -> Refusal {
        let kept = self.places.iter().any(|place| matches!(place, Place::Kept { .. }));
        if kept { Refusal::Reserved } else { Refusal::Full }
    }
}

impl Place {
    fn is_open_to(&self, applicant: Applicant, now: Instant) -> bool {
        match self {
            Self::Free => true,
            Self::Taken(_) => false,
            Self::Kept { until, .. } => now >= *until || self.is_kept_for(applicant),
        }
    }

    fn is_kept_for(&self, applicant: Applicant) -> bool {
        self.is_of(applicant.member, applicant.token)
    }

    /// Whether it is kept for this member, or for whoever has the same token.
    fn is_of(&self, member: [u8; 16], token: Option<TokenId>) -> bool {
        match self {
            Self::Kept { member: of, token: by, .. } => {
                *of == member || (token.is_some() && *by == token)
            }
            Self::Free | Self::Taken(_) => false,
        }
    }
}
