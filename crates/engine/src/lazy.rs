//! Values that arrive later, and the work that waits for them.
//!
//! A protocol is recorded once, as plain code: every intermediate is a [`Lazy`], every local
//! computation a job that runs when its inputs are there. What a job needs from the network is
//! an input like any other. [`Lazy::ready`] is the round after which all parties can have the
//! value: so the rounds of a program are known when it is recorded, before anything runs.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

type Work = Box<dyn FnOnce()>;

/// A value of this party that exists now or later; clones are the same value.
pub(crate) struct Lazy<T> {
    cell: Rc<RefCell<State<T>>>,
    /// The round after which the value can be known (0: from the start).
    pub(crate) ready: u32,
    /// Comes from the dealer (or only from what does): not a reason to hold a round back until
    /// something else needs it.
    from_dealer: bool,
}

enum State<T> {
    Awaits(Vec<Rc<Job>>),
    Thunk(Box<dyn FnOnce() -> T>),
    Forcing,
    Here(T),
}

/// Work that waits for some inputs.
struct Job {
    queue: Rc<Queue>,
    others: Cell<usize>,
    dealt: Cell<usize>,
    stalls: bool,
    work: RefCell<Option<Work>>,
}

/// Jobs whose inputs are there, and a count of those that lack only the dealer's part.
#[derive(Default)]
pub(crate) struct Queue {
    ready: RefCell<VecDeque<Work>>,
    stalled: Cell<usize>,
}

/// An input of a job, whatever its type.
pub(crate) trait Input {
    fn ready(&self) -> u32;
    fn is_lazy(&self) -> bool;
    fn is_dealt(&self) -> bool;
    fn awaits(&self) -> bool;
    fn wake(&self, job: &JobHandle);
}

/// A job as inputs see it.
pub(crate) struct JobHandle(Rc<Job>);

impl<T> Clone for Lazy<T> {
    fn clone(&self) -> Self {
        Self { cell: Rc::clone(&self.cell), ready: self.ready, from_dealer: self.from_dealer }
    }
}

impl<T: Clone + 'static> Lazy<T> {
    /// A value that is there already.
    pub(crate) fn here(value: T) -> Self {
        Self::new(State::Here(value), 0, false)
    }

    /// A value that is computed when it is first needed.
    pub(crate) fn thunk(compute: impl FnOnce() -> T + 'static) -> Self {
        Self::new(State::Thunk(Box::new(compute)), 0, false)
    }

    /// A value that peers complete, in round `ready`.
    pub(crate) fn from_peers(ready: u32) -> Self {
        Self::new(State::Awaits(Vec::new()), ready, false)
    }

    /// A value of this party alone, that it completes itself.
    pub(crate) fn later() -> Self {
        Self::new(State::Awaits(Vec::new()), 0, false)
    }

    /// A value that the dealer completes.
    pub(crate) fn from_dealer() -> Self {
        Self::new(State::Awaits(Vec::new()), 0, true)
    }

    fn new(state: State<T>, ready: u32, from_dealer: bool) -> Self {
        Self { cell: Rc::new(RefCell::new(state)), ready, from_dealer }
    }

    /// Completes the value.
    pub(crate) fn set(&self, value: T) {
        self.complete(State::Here(value));
    }

    /// Completes the value with a computation that runs when it is first needed.
    pub(crate) fn set_thunk(&self, compute: impl FnOnce() -> T + 'static) {
        self.complete(State::Thunk(Box::new(compute)));
    }

    fn complete(&self, state: State<T>) {
        let previous = std::mem::replace(&mut *self.cell.borrow_mut(), state);
        if let State::Awaits(jobs) = previous {
            jobs.iter().for_each(|job| job.input_arrived(self.from_dealer));
        }
    }

    /// The value; computes it if that was put off.
    ///
    /// Only jobs call this, when all their inputs have arrived.
    pub(crate) fn get(&self) -> T {
        let state = std::mem::replace(&mut *self.cell.borrow_mut(), State::Forcing);
        let value = match state {
            State::Here(value) => value,
            State::Thunk(compute) => compute(),
            State::Awaits(_) | State::Forcing => {
                unreachable!("a job runs when its inputs are there")
            }
        };
        *self.cell.borrow_mut() = State::Here(value.clone());
        value
    }

    /// The same value, said to be ready in a later round.
    pub(crate) fn after(mut self, ready: u32) -> Self {
        self.ready = self.ready.max(ready);
        self
    }
}

impl<T> Input for Lazy<T> {
    fn ready(&self) -> u32 {
        self.ready
    }

    fn is_lazy(&self) -> bool {
        matches!(*self.cell.borrow(), State::Thunk(_))
    }

    fn is_dealt(&self) -> bool {
        self.from_dealer
    }

    fn awaits(&self) -> bool {
        matches!(*self.cell.borrow(), State::Awaits(_))
    }

    fn wake(&self, job: &JobHandle) {
        if let State::Awaits(jobs) = &mut *self.cell.borrow_mut() {
            jobs.push(Rc::clone(&job.0));
        }
    }
}

impl Job {
    fn input_arrived(self: &Rc<Self>, dealt: bool) {
        let count = if dealt { &self.dealt } else { &self.others };
        count.set(count.get() - 1);
        match (self.others.get(), self.dealt.get()) {
            (0, 0) => {
                if self.stalls && dealt {
                    self.queue.stalled.set(self.queue.stalled.get() - 1);
                }
                self.start();
            }
            (0, _) if self.stalls && !dealt => self.queue.stalled.set(self.queue.stalled.get() + 1),
            _ => {}
        }
    }

    fn start(&self) {
        let work = self.work.borrow_mut().take().expect("a job starts once");
        self.queue.ready.borrow_mut().push_back(work);
    }
}

impl Queue {
    /// The result of `compute`, which reads `inputs`, once they all are there.
    pub(crate) fn after<T: Clone + 'static>(
        self: &Rc<Self>,
        inputs: &[&dyn Input],
        compute: impl FnOnce() -> T + 'static,
    ) -> Lazy<T> {
        let ready = inputs.iter().map(|input| input.ready()).max().unwrap_or(0);
        let awaited = inputs.iter().filter(|input| input.awaits());
        let dealt = awaited.clone().filter(|input| input.is_dealt()).count();
        let others = awaited.count() - dealt;
        let lazily = inputs.iter().all(|input| input.is_lazy() || input.is_dealt());
        if lazily && others == 0 && dealt == 0 {
            return Lazy::thunk(compute).after(ready);
        }
        let result = Lazy::new(State::Awaits(Vec::new()), ready, lazily);
        let output = result.clone();
        let work: Work = if lazily {
            Box::new(move || output.set_thunk(compute))
        } else {
            Box::new(move || output.set(compute()))
        };
        let stalls = !lazily;
        let job = Rc::new(Job {
            queue: Rc::clone(self),
            others: Cell::new(others),
            dealt: Cell::new(dealt),
            stalls,
            work: RefCell::new(Some(work)),
        });
        if others == 0 && dealt == 0 {
            job.start();
        } else {
            if others == 0 && stalls {
                self.stalled.set(self.stalled.get() + 1);
            }
            let handle = JobHandle(job);
            inputs.iter().filter(|input| input.awaits()).for_each(|input| input.wake(&handle));
        }
        result
    }

    /// The result of a function of one value.
    pub(crate) fn map<A: Clone + 'static, T: Clone + 'static>(
        self: &Rc<Self>,
        a: &Lazy<A>,
        compute: impl FnOnce(A) -> T + 'static,
    ) -> Lazy<T> {
        let input = a.clone();
        self.after(&[a], move || compute(input.get()))
    }

    /// As [`Self::map`], but the work is not put off even if the value was.
    pub(crate) fn map_eagerly<A: Clone + 'static, T: Clone + 'static>(
        self: &Rc<Self>,
        a: &Lazy<A>,
        compute: impl FnOnce(A) -> T + 'static,
    ) -> Lazy<T> {
        let input = a.clone();
        self.after(&[a, &Lazy::here(())], move || compute(input.get()))
    }

    /// The result of a function of two values.
    pub(crate) fn zip<A: Clone + 'static, B: Clone + 'static, T: Clone + 'static>(
        self: &Rc<Self>,
        a: &Lazy<A>,
        b: &Lazy<B>,
        compute: impl FnOnce(A, B) -> T + 'static,
    ) -> Lazy<T> {
        let (first, second) = (a.clone(), b.clone());
        self.after(&[a, b], move || compute(first.get(), second.get()))
    }

    /// The result of a function of many values of one type.
    pub(crate) fn gather<A: Clone + 'static, T: Clone + 'static>(
        self: &Rc<Self>,
        parts: &[Lazy<A>],
        compute: impl FnOnce(Vec<A>) -> T + 'static,
    ) -> Lazy<T> {
        let inputs: Vec<&dyn Input> = parts.iter().map(|part| part as &dyn Input).collect();
        let parts = parts.to_vec();
        self.after(&inputs, move || compute(parts.iter().map(Lazy::get).collect()))
    }

    /// Runs jobs until all of them wait.
    pub(crate) fn run(&self) {
        loop {
            let Some(work) = self.ready.borrow_mut().pop_front() else { return };
            work();
        }
    }

    /// Whether some job could go on if the dealer's part were there.
    pub(crate) fn awaits_dealer(&self) -> bool {
        self.stalled.get() > 0
    }

    /// Forgets all work; nothing will complete any more.
    pub(crate) fn clear(&self) {
        self.ready.borrow_mut().clear();
        self.stalled.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_runs_when_peers_and_dealer_have_answered() {
        let queue = Rc::new(Queue::default());
        let (peers, dealt) = (Lazy::<u64>::from_peers(1), Lazy::<u64>::from_dealer());
        let doubled = queue.map(&dealt, |value| 2 * value);
        let sum = queue.zip(&peers, &doubled, |a, b| a + b);
        assert_eq!(sum.ready, 1);
        queue.run();
        assert!(!queue.awaits_dealer(), "nothing needs the dealer before the peers");
        peers.set(1);
        queue.run();
        assert!(sum.awaits() && queue.awaits_dealer());
        dealt.set_thunk(|| 20);
        queue.run();
        assert!(!queue.awaits_dealer());
        assert_eq!(sum.get(), 41);
    }

    #[test]
    fn what_depends_on_thunks_only_is_put_off() {
        let queue = Rc::new(Queue::default());
        let product = queue.zip(&Lazy::thunk(|| 6), &Lazy::thunk(|| 7), |a: u64, b: u64| a * b);
        assert!(product.is_lazy());
        let later = queue.map(&Lazy::here(1), |one: u64| one + 1);
        assert!(later.awaits());
        queue.run();
        assert_eq!((product.get(), later.get()), (42, 2));
    }
}
