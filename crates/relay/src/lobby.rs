//! All rooms: finds or opens the one that somebody asks for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cryptab_wire::{Charter, Claim, PassError, Refusal, SignedOrder, ToRelay, VERSION};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::address::Address;
use crate::config::{Limits, Times};
use crate::mailbox::Mailbox;
use crate::memories::Memories;
use crate::room::{Applicant, Room, RoomId, Seat, Span, Terms, Wish};
use crate::tally::Tally;
use crate::telemetry::Telemetry;

/// The rooms that exist. Rooms that are over go when somebody joins or the metrics are read.
pub(crate) struct Lobby {
    rooms: Mutex<Rooms>,
    tally: Tally,
    joins: DefaultKeyedRateLimiter<Address>,
    grace: Duration,
    room_life: Duration,
    telemetry: Telemetry,
}

/// One moment on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) instant: Instant,
    /// Seconds since 1970.
    pub(crate) unix: u64,
}

impl Lobby {
    pub(crate) fn new(limits: &Limits, times: &Times, telemetry: Telemetry) -> Self {
        let joins = Quota::per_second(limits.joins_per_second).allow_burst(limits.join_burst);
        Self {
            rooms: Mutex::new(Rooms {
                open: HashMap::new(),
                memories: Memories::new(limits.remembered, limits.remembered_per_address),
                swept: None,
            }),
            tally: Tally::new(limits.rooms, limits.rooms_per_address),
            joins: DefaultKeyedRateLimiter::keyed(joins),
            grace: times.grace,
            room_life: times.room_life,
            telemetry,
        }
    }

    /// Seats whoever sends `join` in the room it names, which comes into being if it must.
    pub(crate) fn admit(
        &self,
        join: &ToRelay,
        mailbox: Mailbox,
        address: Address,
        now: Now,
    ) -> Result<Seat, Refusal> {
        let &ToRelay::Join { version, room, parties, slot, member, expires, claim } = join else {
            return Err(Refusal::Malformed);
        };
        let charter = claim.map(|claim| claim.charter(parties, expires));
        self.may_ask(version, expires, charter, address, now)?;
        let applicant = applicant(room, member, slot, claim.zip(charter), now)?;
        let terms = Terms { parties, expires, charter };
        let mut rooms = self.lock();
        let room = self.find_or_open(&mut rooms, RoomId(room), terms, address, now)?;
        // Still under the lock: a room cannot be swept between being found and being entered.
        room.admit(terms, applicant, mailbox, now.instant)
    }

    /// Does what a room's owner wants, also before anybody has come.
    pub(crate) fn obey(
        &self,
        version: u8,
        charter: Charter,
        order: SignedOrder,
        address: Address,
        now: Now,
    ) -> Result<(), Refusal> {
        let Charter { parties, expires, .. } = charter;
        self.may_ask(version, expires, Some(charter), address, now)?;
        if !order.is_genuine(&charter) {
            return Err(Refusal::NotSigned);
        }
        let terms = Terms { parties, expires, charter: Some(charter) };
        let id = RoomId(charter.room());
        let mut rooms = self.lock();
        self.sweep_at_times(&mut rooms, now.instant);
        if let Some(room) = rooms.find(id, terms, now.instant) {
            room.obey(order)?;
        }
        rooms.memories.add(id, order.order, self.end_of(terms, now), address)
    }

    /// Does what a member of the room says that its owner wants.
    pub(crate) fn obey_within(
        &self,
        room: &Room,
        order: SignedOrder,
        address: Address,
    ) -> Result<(), Refusal> {
        if !room.is_owners(&order) {
            return Err(Refusal::NotSigned);
        }
        let mut rooms = self.lock();
        room.obey(order)?;
        rooms.memories.add(room.id, order.order, room.deadline, address)
    }

    /// Whether the address may ask for anything, and for a room that ends then.
    fn may_ask(
        &self,
        version: u8,
        expires: u64,
        charter: Option<Charter>,
        address: Address,
        now: Now,
    ) -> Result<(), Refusal> {
        self.joins.check_key(&address).map_err(|_| Refusal::TooMany)?;
        if version != VERSION {
            return Err(Refusal::Version);
        }
        let left = expires.checked_sub(now.unix).filter(|left| *left > 0);
        let left = left.ok_or(Refusal::Expired)?;
        if charter.is_some() && left > Charter::LONGEST + CLOCKS_DIFFER {
            return Err(Refusal::EndsTooLate);
        }
        Ok(())
    }

    /// Forgets the rooms that are over, and the addresses that have been quiet.
    pub(crate) fn sweep(&self, now: Instant) {
        self.forget(&mut self.lock(), now);
    }

    fn forget(&self, rooms: &mut Rooms, now: Instant) {
        self.joins.retain_recent();
        rooms.open.retain(|_, room| !room.is_over(now));
        rooms.memories.sweep(now);
        rooms.swept = Some(now);
        self.telemetry.remembered.set(rooms.memories.count() as f64);
    }

    fn sweep_at_times(&self, rooms: &mut Rooms, now: Instant) {
        if rooms.swept.is_none_or(|swept| now >= swept + SWEEP_EVERY) {
            self.forget(rooms, now);
        }
    }

    fn find_or_open(
        &self,
        rooms: &mut Rooms,
        id: RoomId,
        terms: Terms,
        address: Address,
        now: Now,
    ) -> Result<Arc<Room>, Refusal> {
        self.sweep_at_times(rooms, now.instant);
        if let Some(room) = rooms.find(id, terms, now.instant) {
            return if now.instant >= room.deadline { Err(Refusal::Expired) } else { Ok(room) };
        }
        let ticket = self.tally.take(address).ok_or(Refusal::TooMany)?;
        let deadline = self.end_of(terms, now);
        let span = Span { start: now.instant, deadline, grace: self.grace };
        let orders = rooms.memories.of(id);
        let room = Arc::new(Room::new(id, terms, orders, span, ticket, &self.telemetry));
        rooms.open.insert(id, Arc::clone(&room));
        tracing::debug!(room = ?id, parties = terms.parties, "room opened");
        Ok(room)
    }

    /// When a room that is opened now ends.
    fn end_of(&self, terms: Terms, now: Now) -> Instant {
        let life = Duration::from_secs(terms.expires.saturating_sub(now.unix));
        let longest = if terms.charter.is_some() { Duration::MAX } else { self.room_life };
        now.instant + life.min(longest)
    }

    fn lock(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Now {
    /// This moment.
    pub(crate) fn read() -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self { instant: Instant::now(), unix }
    }
}

/// Who asks, once it is certain by what right.
fn applicant(
    room: [u8; 16],
    member: [u8; 16],
    slot: Option<u8>,
    claim: Option<(Claim, Charter)>,
    now: Now,
) -> Result<Applicant, Refusal> {
    let wish = slot.map_or(Wish::Any, Wish::Prefer);
    let Some((claim, charter)) = claim else {
        return Ok(Applicant { member, token: None, slot: wish });
    };
    if charter.room() != room {
        return Err(Refusal::NotSigned);
    }
    let Some(pass) = claim.pass else {
        return Ok(Applicant { member, token: None, slot: wish });
    };
    pass.check(&charter, &member, now.unix).map_err(|error| match error {
        PassError::Expired => Refusal::TokenExpired,
        PassError::NotGenuine | PassError::NotTheirs => Refusal::NotSigned,
    })?;
    let slot = match (pass.token.grant.slot, slot) {
        (Some(granted), Some(wanted)) if granted != wanted => return Err(Refusal::NotSigned),
        (Some(granted), _) => Wish::Only(granted),
        (None, _) => wish,
    };
    Ok(Applicant { member, token: Some(pass.token.id()), slot })
}

struct Rooms {
    open: HashMap<RoomId, Arc<Room>>,
    memories: Memories,
    swept: Option<Instant>,
}

impl Rooms {
    /// The room of this name, if one is open that these terms do not show to be somebody else's.
    fn find(&mut self, id: RoomId, terms: Terms, now: Instant) -> Option<Arc<Room>> {
        let room = Arc::clone(self.open.get(&id)?);
        if room.is_over(now) {
            self.open.remove(&id);
            return None;
        }
        if room.is_usurped(&terms) {
            room.dissolve();
            self.open.remove(&id);
            return None;
        }
        Some(room)
    }
}

/// Looking at all rooms on every join would let a crowd slow itself down.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Seconds that an owner's clock may be ahead.
const CLOCKS_DIFFER: u64 = 60 * 60;

#[cfg(test)]
mod tests;
