use std::cell::OnceCell;
use std::rc::Rc;

use crate::value::Value;

/// What a handle stands for from one in-place function to the next.
///
/// Versions form a list: whoever holds an earlier one finds the latest. So all clones of a handle
/// see what one of them was changed to, and a borrowed value stays what it is.
pub(super) struct Version {
    /// Number of the operation that made it.
    pub(super) id: u32,
    pub(super) value: Rc<Value>,
    next: OnceCell<Rc<Self>>,
}

impl Version {
    pub(super) fn new(id: u32, value: Rc<Value>) -> Rc<Self> {
        Rc::new(Self { id, value, next: OnceCell::new() })
    }

    pub(super) fn latest(self: &Rc<Self>) -> &Rc<Self> {
        let mut latest = self;
        while let Some(next) = latest.next.get() {
            latest = next;
        }
        latest
    }

    /// The latest version is followed by this one.
    pub(super) fn follow(self: &Rc<Self>, next: Rc<Self>) {
        self.latest().next.set(next).unwrap_or_else(|_| unreachable!("nothing follows the latest"));
    }
}

impl Drop for Version {
    /// One after the other: a long list must not need a deep stack.
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(version) = next {
            next = Rc::into_inner(version).and_then(|mut version| version.next.take());
        }
    }
}
