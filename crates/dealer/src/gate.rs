//! Who may connect: counted and paced by address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use governor::{DefaultKeyedRateLimiter, Quota};

use crate::address::Address;
use crate::config::Limits;

/// Lets connections in up to a number in total, a number per address, and a pace per address.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Inner>);

/// A connection that was let in; counts until it is dropped.
pub(crate) struct Pass {
    gate: Gate,
    address: Address,
}

struct Inner {
    total: usize,
    per_address: usize,
    pace: DefaultKeyedRateLimiter<Address>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    total: usize,
    by_address: HashMap<Address, usize>,
}

impl Gate {
    pub(crate) fn new(limits: &Limits) -> Self {
        let pace =
            Quota::per_second(limits.connections_per_second).allow_burst(limits.connection_burst);
        Self(Arc::new(Inner {
            total: limits.connections,
            per_address: limits.connections_per_address,
            pace: DefaultKeyedRateLimiter::keyed(pace),
            held: Mutex::default(),
        }))
    }

    /// A pass for `address`, unless one of the limits is reached.
    pub(crate) fn admit(&self, address: Address) -> Option<Pass> {
        self.0.pace.check_key(&address).ok()?;
        let mut held = self.held();
        let here = held.by_address.get(&address).copied().unwrap_or(0);
        if held.total >= self.0.total || here >= self.0.per_address {
            return None;
        }
        held.total += 1;
        held.by_address.insert(address, here + 1);
        drop(held);
        Some(Pass { gate: self.clone(), address })
    }

    /// Forgets the addresses that have been quiet.
    pub(crate) fn sweep(&self) {
        self.0.pace.retain_recent();
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut held = self.gate.held();
        held.total -= 1;
        if let Some(here) = held.by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                held.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::Gate;
    use crate::address::Address;
    use crate::config::Limits;

    #[test]
    fn limits_hold_and_passes_return() {
        let limits = Limits { connections: 3, connections_per_address: 2, ..Limits::default() };
        let [first, second, third] = [1, 2, 3].map(Address::numbered);
        let gate = Gate::new(&limits);
        let one = gate.admit(first).unwrap();
        let two = gate.admit(first).unwrap();
        assert!(gate.admit(first).is_none(), "two for each address");
        let three = gate.admit(second).unwrap();
        assert!(gate.admit(third).is_none(), "three in total");
        drop((one, two, three));
        assert!(gate.held().by_address.is_empty());
        assert!(gate.admit(third).is_some());
    }

    #[test]
    fn an_address_that_hurries_waits() {
        let limits = Limits { connection_burst: NonZeroU32::MIN, ..Limits::default() };
        let gate = Gate::new(&limits);
        drop(gate.admit(Address::numbered(1)).unwrap());
        assert!(gate.admit(Address::numbered(1)).is_none());
        assert!(gate.admit(Address::numbered(2)).is_some(), "others do not");
    }
}
