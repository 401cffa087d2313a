//! How deep expressions that arrive from outside may be nested: reading them must not exhaust the
//! stack.

use std::cell::Cell;

use serde::de;

/// The deepest expression that is read.
pub(crate) const MAX_NESTING: u32 = 256;

/// One level of an expression that is being read.
pub(crate) struct Level(());

impl Level {
    /// One level deeper, on this thread.
    ///
    /// # Errors
    /// At the deepest level.
    pub(crate) fn enter<E: de::Error>() -> Result<Self, E> {
        let depth = DEPTH.get();
        if depth == MAX_NESTING {
            return Err(E::custom("an expression is nested too deep"));
        }
        DEPTH.set(depth + 1);
        Ok(Self(()))
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::MAX_NESTING;
    use crate::{Address, Deal, Known, Request};

    fn nested(levels: u32) -> Request {
        let inner = Known::Zero { shape: vec![1] };
        let known = (1..levels).fold(inner, |known, _| Known::Low(Arc::new(known), 8));
        Request { address: Address::new(0, 0), deal: Deal::Ring { known, bits: 8 } }
    }

    #[test]
    fn the_deepest_is_read_and_no_deeper() {
        assert!(Request::from_bytes(&nested(MAX_NESTING).to_bytes()).is_ok());
        assert!(Request::from_bytes(&nested(MAX_NESTING + 1).to_bytes()).is_err());
        assert!(Request::from_bytes(&nested(MAX_NESTING).to_bytes()).is_ok(), "levels return");
    }

    #[test]
    fn a_bottomless_request_is_refused() {
        for tag in 2..=3 {
            assert!(Request::from_bytes(&[&[0, 0, 0][..], &vec![tag; 1 << 19]].concat()).is_err());
        }
    }
}
