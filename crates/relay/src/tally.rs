//! Counting what is held at once, in total and by address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::address::Address;

/// Hands out tickets up to a total and up to a number for each address.
#[derive(Clone, Debug)]
pub(crate) struct Tally(Arc<Inner>);

/// Counts until it is dropped.
#[derive(Debug)]
pub(crate) struct Ticket {
    tally: Tally,
    address: Address,
}

impl Tally {
    pub(crate) fn new(total: usize, per_address: usize) -> Self {
        Self(Arc::new(Inner { total, per_address, held: Mutex::default() }))
    }

    /// A ticket for `address`, unless one of the two limits is reached.
    pub(crate) fn take(&self, address: Address) -> Option<Ticket> {
        let mut held = self.held();
        let here = held.by_address.get(&address).copied().unwrap_or(0);
        if held.total >= self.0.total || here >= self.0.per_address {
            return None;
        }
        held.total += 1;
        held.by_address.insert(address, here + 1);
        drop(held);
        Some(Ticket { tally: self.clone(), address })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut held = self.tally.held();
        held.total -= 1;
        if let Some(here) = held.by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                held.by_address.remove(&self.address);
            }
        }
    }
}

#[derive(Debug)]
struct Inner {
    total: usize,
    per_address: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    total: usize,
    by_address: HashMap<Address, usize>,
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::address::Address;

    #[test]
    fn both_limits_hold_and_dropped_tickets_return() {
        let [first, second, third] = [1, 2, 3].map(Address::numbered);
        let tally = Tally::new(3, 2);
        let one = tally.take(first).unwrap();
        let two = tally.take(first).unwrap();
        assert!(tally.take(first).is_none(), "two for each address");
        let three = tally.take(second).unwrap();
        assert!(tally.take(third).is_none(), "three in total");
        drop((one, two, three));
        assert!(tally.held().by_address.is_empty(), "nothing is kept of who has left");
        assert!(tally.take(third).is_some());
    }
}
