//! All rooms: finds or opens the one that somebody asks for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cryptab_wire::{Refusal, ToRelay, VERSION};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::address::Address;
use crate::config::{Limits, Times};
use crate::mailbox::Mailbox;
use crate::room::{Applicant, Room, RoomId, Seat, Terms};
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
            rooms: Mutex::new(Rooms { open: HashMap::new(), swept: None }),
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
        let &ToRelay::Join { version, room, parties, slot, member, expires } = join;
        self.joins.check_key(&address).map_err(|_| Refusal::TooMany)?;
        if version != VERSION {
            return Err(Refusal::Version);
        }
        if expires <= now.unix {
            return Err(Refusal::Expired);
        }
        let mut rooms = self.lock();
        if rooms.swept.is_none_or(|swept| now.instant >= swept + SWEEP_EVERY) {
            self.forget(&mut rooms, now.instant);
        }
        let terms = Terms { parties, expires };
        let room = self.find_or_open(&mut rooms, RoomId(room), terms, address, now)?;
        // Still under the lock: a room cannot be swept between being found and being entered.
        room.admit(terms, Applicant { member, slot }, mailbox)
    }

    /// Forgets the rooms that are over, and the addresses that have been quiet.
    pub(crate) fn sweep(&self, now: Instant) {
        self.forget(&mut self.lock(), now);
    }

    fn forget(&self, rooms: &mut Rooms, now: Instant) {
        self.joins.retain_recent();
        rooms.open.retain(|_, room| !room.is_over(now, self.grace));
        rooms.swept = Some(now);
    }

    fn find_or_open(
        &self,
        rooms: &mut Rooms,
        id: RoomId,
        terms: Terms,
        address: Address,
        now: Now,
    ) -> Result<Arc<Room>, Refusal> {
        match rooms.open.get(&id) {
            Some(room) if room.is_over(now.instant, self.grace) => drop(rooms.open.remove(&id)),
            Some(room) if now.instant >= room.deadline => return Err(Refusal::Expired),
            Some(room) => return Ok(Arc::clone(room)),
            None => {}
        }
        let ticket = self.tally.take(address).ok_or(Refusal::TooMany)?;
        let life = Duration::from_secs(terms.expires - now.unix).min(self.room_life);
        let deadline = now.instant + life;
        let room = Room::new(id, terms, deadline, now.instant, ticket, &self.telemetry);
        let room = Arc::new(room);
        rooms.open.insert(id, Arc::clone(&room));
        tracing::debug!(room = ?id, parties = terms.parties, "room opened");
        Ok(room)
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

struct Rooms {
    open: HashMap<RoomId, Arc<Room>>,
    swept: Option<Instant>,
}

/// Looking at all rooms on every join would let a crowd slow itself down.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests;
