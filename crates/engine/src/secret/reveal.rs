use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use cryptab_tensor::{Formula, Tensor};
use futures::channel::oneshot;

use super::Secret;
use crate::core::{Core, RevealPolicy};
use crate::exchange::Receivers;
use crate::lazy::Lazy;
use crate::op::Op;
use crate::protocol::reveal::{reveal_bit, reveal_number, reveal_word};
use crate::value::{Body, Number};
use crate::{Error, Result};

/// A result that is on its way.
#[derive(Debug)]
pub struct Pending<T> {
    result: oneshot::Receiver<T>,
    core: CoreHandle,
}

struct CoreHandle(Rc<Core>);

impl std::fmt::Debug for CoreHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("..")
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match Pin::new(&mut self.result).poll(context) {
            Poll::Ready(Ok(result)) => Poll::Ready(Ok(result)),
            outcome => match (self.core.0.failure.borrow().clone(), outcome) {
                (Some(error), _) => Poll::Ready(Err(error)),
                (None, Poll::Ready(_)) => Poll::Ready(Err(Error::Ended)),
                (None, Poll::Pending) => {
                    self.core.0.wake_on_failure(context.waker());
                    Poll::Pending
                }
            },
        }
    }
}

impl Secret {
    /// Opens the tensor to all parties: the numbers, row by row.
    ///
    /// Cost: 1 round, 64 bits, 64 dealer bits (of a declared range: its width; bits: 1 and 1; words: as full numbers).
    /// Of what took openings, three or more parties first compare what they saw opened: 1 round and 32 bytes to each
    /// peer more, once for all reveals that wait for the same round. Exact. A reveal that fails half-way still counts
    /// as revealed; one that finds [`Error::Equivocation`] has sent nothing.
    ///
    /// ```
    /// # use cryptab_testkit::World;
    /// # use futures::FutureExt;
    /// let world = World::new(2, 1);
    /// let reveal = |engine: &cryptab_engine::Engine| {
    ///     let x = engine.input(0, &[1], (engine.me() == 0).then_some(&[1.5][..]))?;
    ///     x.add(&x)?.reveal()
    /// };
    /// let [zero, one] = [reveal(&world.engines()[0])?, reveal(&world.engines()[1])?];
    /// world.run(); // in a program: `zero.await`
    /// assert_eq!(zero.now_or_never().expect("it is there")?, [3.0]);
    /// assert_eq!(one.now_or_never().expect("it is there")?, [3.0]);
    /// # Ok::<(), cryptab_engine::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the reveal policy forbids it, or the session has ended.
    pub fn reveal(&self) -> Result<Pending<Vec<f64>>> {
        let (op, opened) = self.open(Op::Reveal(self.id()), Receivers::All)?;
        let decode = self.decoder();
        Ok(self.pending(op, opened.as_ref(), move |raw| decode(&raw.unwrap_or_default())))
    }

    /// Opens integers to all parties, bit by bit as `i64`. As [`Secret::reveal`].
    ///
    /// # Errors
    /// As [`Secret::reveal`], or if there are fraction bits.
    pub fn reveal_integers(&self) -> Result<Pending<Vec<i64>>> {
        if self.frac_bits() > 0 {
            let reason = format!("there are {} fraction bits", self.frac_bits());
            return Err(Error::misuse("reveal_integers", reason));
        }
        let (op, opened) = self.open(Op::Reveal(self.id()), Receivers::All)?;
        let signed = |raw: Vec<u64>| raw.into_iter().map(u64::cast_signed).collect();
        Ok(self.pending(op, opened.as_ref(), move |raw| signed(raw.unwrap_or_default())))
    }

    /// Opens the tensor to party `receiver` alone; the others get `None`.
    ///
    /// Cost: 1 round, 64 bits (not from the receiver), 64 dealer bits; three or more parties compare what they saw
    /// opened, as in [`Secret::reveal`]. Exact.
    ///
    /// ```
    /// # use cryptab_testkit::World;
    /// # use futures::FutureExt;
    /// let world = World::new(2, 1);
    /// let reveal = |engine: &cryptab_engine::Engine| {
    ///     let x = engine.input(0, &[1], (engine.me() == 0).then_some(&[1.5][..]))?;
    ///     x.add(&x)?.reveal_to(1)
    /// };
    /// let [zero, one] = [reveal(&world.engines()[0])?, reveal(&world.engines()[1])?];
    /// world.run();
    /// assert!(matches!(zero.now_or_never(), Some(Ok(None))));
    /// assert_eq!(one.now_or_never().expect("it is there")?, Some(vec![3.0]));
    /// # Ok::<(), cryptab_engine::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no such party, the reveal policy forbids it, or the session has ended.
    pub fn reveal_to(&self, receiver: u8) -> Result<Pending<Option<Vec<f64>>>> {
        if receiver >= self.core.config.parties {
            return Err(Error::misuse("reveal_to", format!("there is no party {receiver}")));
        }
        let (op, opened) =
            self.open(Op::RevealTo(self.id(), receiver), Receivers::One(receiver))?;
        let decode = self.decoder();
        Ok(self.pending(op, opened.as_ref(), move |raw| raw.map(|raw| decode(&raw))))
    }

    /// What this party holds of the tensor: a share that looks like noise, and is all it has.
    ///
    /// Of the masked form where the tensor has been used in a product or a comparison: all
    /// parties' shares then are uniform; of an input, the owner holds the mask and the others the
    /// masked tensor. Before that, of the shares as they were entered.
    #[must_use]
    pub fn local_share(&self) -> Pending<Vec<u64>> {
        let (sender, result) = oneshot::channel();
        match &self.value().body {
            Body::Number(number) => self.deliver(&self.share_of(number), sender, Tensor::into_vec),
            Body::Bit(bit) => self.deliver(&bit.shares, sender, |bits| bits.to_ring(0)),
            Body::Word(word) => self.deliver(&word.shares, sender, Tensor::into_vec),
        }
        Pending { result, core: CoreHandle(Rc::clone(&self.core)) }
    }

    fn share_of(&self, number: &Number) -> Lazy<Tensor> {
        let queue = &self.core.queue;
        let computed = |numbers| queue.map(numbers, |numbers: Formula| numbers.tensor());
        match number.full_form() {
            Some((_, mask)) if number.owner == Some(self.core.config.me) => computed(&mask),
            Some((hat, _)) if number.owner.is_some() => computed(&hat),
            Some((hat, mask)) if self.core.config.me == 0 => queue.zip(&hat, &mask, |hat, mask| {
                Formula::weighted(vec![(1, hat), (u64::MAX, mask)]).tensor()
            }),
            Some((_, mask)) => queue.map(&mask, |mask| mask.times(u64::MAX).tensor()),
            None => number.shares.clone(),
        }
    }

    /// From what is opened to numbers.
    fn decoder(&self) -> impl FnOnce(&[u64]) -> Vec<f64> + use<> {
        // Scales between operations may be finer than any codec's.
        let unit = 2_f64.powi(-i32::from(self.frac_bits()));
        move |raw| raw.iter().map(|&element| element.cast_signed() as f64 * unit).collect()
    }

    /// The elements as they will be, at those who receive them. All reveals pass here.
    fn open(&self, op: Op, receivers: Receivers) -> Result<(u32, Option<Lazy<Vec<u64>>>)> {
        let allowed = match self.core.config.reveal {
            RevealPolicy::Any => true,
            RevealPolicy::OnlyTo(party) => receivers == Receivers::One(party),
            RevealPolicy::Nothing => false,
        };
        if !allowed {
            return Err(Error::misuse(op.name(), "this session's reveal policy forbids it"));
        }
        let shape = self.shape();
        let queue = &self.core.queue;
        self.core.record(op, shape, |recorder| match &self.value().body {
            Body::Number(x) => {
                let opened = reveal_number(recorder, x, shape, self.value().width, receivers)?;
                Some(queue.map(&opened, Tensor::into_vec))
            }
            Body::Bit(bit) => {
                let opened = reveal_bit(recorder, bit, receivers)?;
                Some(queue.map(&opened, |bits| bits.to_ring(0)))
            }
            Body::Word(word) => {
                let opened = reveal_word(recorder, word, shape, receivers)?;
                Some(queue.map(&opened, Tensor::into_vec))
            }
        })
    }

    fn pending<T: 'static>(
        &self,
        op: u32,
        opened: Option<&Lazy<Vec<u64>>>,
        finish: impl FnOnce(Option<Vec<u64>>) -> T + 'static,
    ) -> Pending<T> {
        let (sender, result) = oneshot::channel();
        match opened {
            Some(values) => self.deliver(values, sender, |values| finish(Some(values))),
            // Nothing comes back: done when this party's share has left.
            None => {
                let sent = match self.is_public() {
                    true => Lazy::here(()),
                    false => self.core.exchange.borrow_mut().when_sent(op),
                };
                self.deliver(&sent, sender, |()| finish(None));
            }
        }
        Pending { result, core: CoreHandle(Rc::clone(&self.core)) }
    }

    fn deliver<A: Clone + 'static, T: 'static>(
        &self,
        value: &Lazy<A>,
        sender: oneshot::Sender<T>,
        finish: impl FnOnce(A) -> T + 'static,
    ) {
        // A receiver that has been dropped does not care.
        let _done = self.core.queue.map_eagerly(value, move |value| {
            let _ = sender.send(finish(value));
        });
        self.core.news.set(true);
        self.core.waker.wake();
    }
}
