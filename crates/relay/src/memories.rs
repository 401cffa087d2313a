//! What the owners of rooms have ordered.
//!
//! An order counts until its room's end, though nobody need be connected for it. So it takes none of
//! the places of rooms, and has bounds of its own; beyond them the oldest goes: first that of the same
//! address, which is the one that the room's first order came from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

use cryptab_wire::{Order, Refusal};

use crate::address::Address;
use crate::room::{Orders, RoomId};

/// Orders by room, up to a number in total and a number for each address.
pub(crate) struct Memories {
    total: usize,
    per_address: usize,
    by_room: HashMap<RoomId, Memory>,
    /// By age, which also names a memory.
    by_age: BTreeMap<u64, RoomId>,
    by_address: HashMap<Address, BTreeSet<u64>>,
    next: u64,
}

struct Memory {
    orders: Orders,
    end: Instant,
    address: Address,
    age: u64,
}

impl Memories {
    pub(crate) fn new(total: usize, per_address: usize) -> Self {
        Self {
            total: total.max(1),
            per_address: per_address.max(1),
            by_room: HashMap::new(),
            by_age: BTreeMap::new(),
            by_address: HashMap::new(),
            next: 0,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.by_room.len()
    }

    /// Takes in an order to a room that ends then.
    pub(crate) fn add(
        &mut self,
        room: RoomId,
        order: Order,
        end: Instant,
        address: Address,
    ) -> Result<(), Refusal> {
        if let Some(memory) = self.by_room.get_mut(&room) {
            return memory.orders.add(order).map(drop);
        }
        let mut orders = Orders::default();
        orders.add(order)?;
        if let Some(oldest) = self.one_too_many(address) {
            self.forget(oldest);
        }
        let age = self.next;
        self.next += 1;
        self.by_age.insert(age, room);
        self.by_address.entry(address).or_default().insert(age);
        self.by_room.insert(room, Memory { orders, end, address, age });
        Ok(())
    }

    /// What was ordered in this room.
    pub(crate) fn of(&self, room: RoomId) -> Orders {
        self.by_room.get(&room).map(|memory| memory.orders.clone()).unwrap_or_default()
    }

    fn forget(&mut self, room: RoomId) {
        let Some(memory) = self.by_room.remove(&room) else { return };
        self.by_age.remove(&memory.age);
        if let Some(ages) = self.by_address.get_mut(&memory.address) {
            ages.remove(&memory.age);
            if ages.is_empty() {
                self.by_address.remove(&memory.address);
            }
        }
    }

    /// Forgets the rooms that have ended.
    pub(crate) fn sweep(&mut self, now: Instant) {
        let ended = self.by_room.iter().filter(|(_, memory)| now >= memory.end);
        let ended: Vec<RoomId> = ended.map(|(room, _)| *room).collect();
        for room in ended {
            self.forget(room);
        }
    }

    /// What must go before this address can have one more.
    fn one_too_many(&self, address: Address) -> Option<RoomId> {
        let own = self.by_address.get(&address).filter(|ages| ages.len() >= self.per_address);
        let age = match own {
            Some(ages) => ages.first(),
            None if self.by_room.len() >= self.total => self.by_age.keys().next(),
            None => None,
        };
        age.and_then(|age| self.by_age.get(age)).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use cryptab_wire::Order;

    use super::Memories;
    use crate::address::Address;
    use crate::room::RoomId;

    fn remembered(memories: &Memories, room: u8) -> bool {
        memories.of(RoomId([room; 16])).allow(None).is_err()
    }

    #[test]
    fn the_oldest_order_goes_when_there_are_too_many() {
        let end = Instant::now() + Duration::from_secs(60);
        let [first, second, third] = [1, 2, 3].map(Address::numbered);
        let mut memories = Memories::new(4, 2);
        let order = |memories: &mut Memories, room: u8, address| {
            memories.add(RoomId([room; 16]), Order::Close, end, address).unwrap();
        };
        for (room, address) in [(1, first), (2, second), (3, second), (4, second)] {
            order(&mut memories, room, address);
        }
        assert_eq!(memories.count(), 3, "two for each address");
        assert!(!remembered(&memories, 2), "its own oldest has gone");
        order(&mut memories, 5, third);
        assert_eq!(memories.count(), 4);
        order(&mut memories, 6, third);
        assert_eq!(memories.count(), 4, "four in total");
        assert!(!remembered(&memories, 1), "the oldest of all has gone");
        assert!([3, 4, 5, 6].into_iter().all(|room| remembered(&memories, room)));
        memories.sweep(end);
        assert!(memories.by_age.is_empty() && memories.by_address.is_empty());
    }

    #[test]
    fn an_order_is_forgotten_at_its_rooms_end_and_not_before() {
        let start = Instant::now();
        let mut memories = Memories::new(4, 4);
        for (room, minutes) in [(1, 1), (2, 2)] {
            let end = start + Duration::from_secs(60 * minutes);
            memories.add(RoomId([room; 16]), Order::Close, end, Address::numbered(1)).unwrap();
        }
        memories.sweep(start + Duration::from_secs(60));
        assert!(!remembered(&memories, 1) && remembered(&memories, 2));
    }
}
