//! Numbers that come later than the program: the dealer is done by then.

use std::fmt;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::Poll;

use cryptab_tensor::Tensor;

use super::{Engine, encode, wide};
use crate::core::Core;
use crate::lazy::Lazy;
use crate::op::Op;
use crate::protocol::input;
use crate::{Error, Result, Secret};

/// A place in the program for numbers that this party has not got yet. Dropped without them, it ends the
/// computation: the others would wait for ever.
pub struct LateInput {
    core: Weak<Core>,
    /// The number of the operation that enters them.
    operation: u32,
    shape: Vec<usize>,
    frac: u8,
    numbers: Option<Lazy<Tensor>>,
}

impl Engine {
    /// Enters a private tensor of this party whose numbers come later; the others call [`Engine::input`] as
    /// always. Free.
    ///
    /// Everything that follows can be recorded meanwhile, and the dealer deals for it: what is left when the
    /// numbers come is the online phase, the rounds between the parties. [`Engine::dealt`] tells when.
    ///
    /// ```
    /// # use cryptab_testkit::World;
    /// let results = World::new(2, 1).reveal(|engine| {
    ///     if engine.me() == 0 {
    ///         let (x, mut numbers) = engine.input_later(&[2])?;
    ///         let y = x.sigmoid()?;
    ///         numbers.enter(&[0.0, 20.0])?;
    ///         Ok(y)
    ///     } else {
    ///         engine.input(0, &[2], None)?.sigmoid()
    ///     }
    /// });
    /// assert!(results.into_iter().all(|y| y.is_ok_and(|y| (y[0] - 0.5).abs() < 1e-4 && y[1] == 1.0)));
    /// ```
    ///
    /// # Errors
    /// If the computation has ended.
    pub fn input_later(&self, shape: &[usize]) -> Result<(Secret, LateInput)> {
        self.input_later_scaled(shape, self.core.config.format.frac_bits)
    }

    /// As [`Engine::input_later`], with `frac` fraction bits (0: integers).
    ///
    /// # Errors
    /// As [`Engine::input_later`].
    pub fn input_later_scaled(&self, shape: &[usize], frac: u8) -> Result<(Secret, LateInput)> {
        let owner = self.me();
        self.core.enter(&[]);
        let operation = self.operations();
        let op = Op::Input { owner, shape: wide(shape), frac };
        let numbers = Lazy::later();
        let share = numbers.clone();
        let secret =
            Secret::record_number(&self.core, op, shape, |_| input::later(owner, frac, share))?;
        let late = LateInput {
            core: Rc::downgrade(&self.core),
            operation,
            shape: shape.to_vec(),
            frac,
            numbers: Some(numbers),
        };
        Ok((secret, late))
    }

    /// Resolves when the dealer has sent everything that the operations recorded so far take.
    ///
    /// # Errors
    /// Why the computation has ended.
    pub fn dealt(&self) -> impl Future<Output = Result<()>> + use<> {
        let core = Rc::clone(&self.core);
        poll_fn(move |context| {
            if let Some(error) = &*core.failure.borrow() {
                return Poll::Ready(Err(error.clone()));
            }
            if core.dealings.borrow().is_done() {
                return Poll::Ready(Ok(()));
            }
            core.wake_when_dealt(context.waker());
            Poll::Pending
        })
    }
}

impl LateInput {
    /// Here they are. May be called again after an error, and once in all.
    ///
    /// # Errors
    /// If the numbers do not fit the shape, are not finite or out of range; if they have been entered; if the
    /// computation has ended.
    pub fn enter(&mut self, numbers: &[f64]) -> Result<()> {
        let core = self.core.upgrade().ok_or(Error::Ended)?;
        if let Some(error) = &*core.failure.borrow() {
            return Err(error.clone());
        }
        if self.numbers.is_none() {
            return Err(Error::misuse(OPERATION, "the data of this party are there already"));
        }
        let numbers = encode(OPERATION, &self.shape, numbers, self.frac)?;
        let numbers = Tensor::from_vec(&self.shape, numbers)
            .map_err(|error| Error::input(OPERATION, error.to_string()))?;
        core.enter_late(self.operation, numbers.as_slice());
        if let Some(place) = self.numbers.take() {
            place.set(numbers);
        }
        core.tell();
        Ok(())
    }

    /// They will never come, for this reason: ends the computation. The others do not learn the reason.
    pub fn abandon(self, reason: impl Into<String>) {
        if let Some(core) = self.core.upgrade() {
            core.fail_here(Error::input(OPERATION, reason.into()));
        }
    }
}

impl Drop for LateInput {
    fn drop(&mut self) {
        if let (Some(_), Some(core)) = (&self.numbers, self.core.upgrade()) {
            core.fail_here(Error::misuse(OPERATION, "the data of this party never came"));
        }
    }
}

impl fmt::Debug for LateInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LateInput")
            .field("operation", &self.operation)
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

const OPERATION: &str = "input";
