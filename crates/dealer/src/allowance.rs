//! What one session may ask for in total.

use std::sync::{Mutex, PoisonError};

use crate::refusal::Refusal;
use crate::work::Work;

/// What is left of a session's budget. Remembered as long as a party of the session is connected to
/// this dealer: an honest session never comes near it, and one that does is stopped.
pub(crate) struct Allowance(Mutex<Work>);

impl Allowance {
    pub(crate) fn new(most: Work) -> Self {
        Self(Mutex::new(most))
    }

    /// Takes the work of a request out; nothing when there is too little left.
    pub(crate) fn spend(&self, work: Work) -> Result<(), Refusal> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let elements = left.elements.checked_sub(work.elements).ok_or(Refusal::Budget)?;
        let products = left.products.checked_sub(work.products).ok_or(Refusal::Budget)?;
        *left = Work { elements, products };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Allowance;
    use crate::work::Work;

    #[test]
    fn what_is_refused_costs_nothing() {
        let allowance = Allowance::new(Work { elements: 10, products: 10 });
        let work = |elements, products| Work { elements, products };
        assert!(allowance.spend(work(4, 0)).is_ok());
        assert!(allowance.spend(work(7, 0)).is_err());
        assert!(allowance.spend(work(1, 11)).is_err());
        assert!(allowance.spend(work(6, 10)).is_ok());
        assert!(allowance.spend(work(0, 1)).is_err());
        assert!(allowance.spend(work(0, 0)).is_ok());
    }
}
