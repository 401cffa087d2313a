//! What a protocol sees while one operation is recorded: addresses, masks, corrections, openings.

mod agreement;
mod dealing;

use std::cell::Cell;
use std::rc::Rc;

use cryptab_correlation::{Address, Expander, Known, KnownBits};
use cryptab_tensor::{Bits, Formula, Tensor, pack_onto};

use crate::affine::Partial;
use crate::core::Core;
use crate::cost::Sent;
use crate::dealt::Dealt;
use crate::exchange::{Format, Opening, Payload, Receivers, Share};
use crate::lazy::{Input, Lazy, Queue};
use crate::views::Opened;
use crate::{Cost, Evaluator};

/// Records the steps of one operation. Protocols take it first, as papers take the parties.
pub(crate) struct Recorder<'a> {
    core: &'a Rc<Core>,
    op: u32,
    step: Cell<u32>,
    sent: Cell<Sent>,
    dealer_bytes: Cell<u64>,
    first_round: Cell<u32>,
    last_round: Cell<u32>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(core: &'a Rc<Core>, op: u32) -> Self {
        Self {
            core,
            op,
            step: Cell::new(0),
            sent: Cell::new(Sent::default()),
            dealer_bytes: Cell::new(0),
            first_round: Cell::new(u32::MAX),
            last_round: Cell::new(0),
        }
    }

    pub(crate) fn queue(&self) -> &Rc<Queue> {
        &self.core.queue
    }

    /// Whether this party adds public numbers to shares.
    pub(crate) fn leads(&self) -> bool {
        self.core.config.me == 0
    }

    pub(crate) fn me(&self) -> u8 {
        self.core.config.me
    }

    pub(crate) fn parties(&self) -> u8 {
        self.core.config.parties
    }

    /// The session's scale.
    pub(crate) fn frac_bits(&self) -> u8 {
        self.core.config.format.frac_bits
    }

    /// How smooth functions are evaluated in this session.
    pub(crate) fn evaluator(&self) -> Evaluator {
        self.core.config.format.evaluator
    }

    /// What the operation costs so far.
    pub(crate) fn cost(&self) -> Cost {
        let first = self.first_round.get();
        let rounds = if first == u32::MAX { 0 } else { self.last_round.get() + 1 - first };
        Cost { rounds, sent: self.sent.get(), dealer_bytes: self.dealer_bytes.get() }
    }

    pub(crate) fn last_round(&self) -> u32 {
        self.last_round.get()
    }

    pub(crate) fn address(&self) -> Address {
        let step = self.step.get();
        self.step.set(step + 1);
        Address::new(self.op, step)
    }

    /// A uniform mask in the ring. Free.
    pub(crate) fn mask(&self, shape: &[usize]) -> Rc<Dealt> {
        let address = self.address();
        let (expander, dimensions) = (self.core.expander.clone(), shape.to_vec());
        let shares = Lazy::thunk(move || mask_shares(&dimensions, expander, address));
        Dealt::mask(Known::mask(address, shape), shape, shares)
    }

    /// A uniform mask in the ring that `owner` knows. Free.
    fn own_mask(&self, owner: u8, shape: &[usize]) -> Rc<Dealt> {
        let address = self.address();
        let here = owner == self.me();
        let (expander, dimensions) = (self.core.expander.clone(), shape.to_vec());
        let shares = Lazy::thunk(move || match here {
            true => mask_shares(&dimensions, expander, address),
            false => Formula::same(&dimensions, 0),
        });
        Dealt::own_mask(Known::own_mask(owner, address, shape), shape, shares, here)
    }

    /// Opens `x + offset + mask` modulo 2^bits under a fresh mask; the mask and what was opened.
    ///
    /// One round, `bits` bits from everybody, or from the owner alone if the number is one that a
    /// single party has entered: its shares then are the number itself, and it knows the mask.
    /// With a `rest` that the shares lack, what is opened is the same number under the mask less
    /// the rest: uniform as the mask is, and the rest need not be shared.
    pub(crate) fn open_masked(
        &self,
        x: &Partial,
        shape: &[usize],
        bits: u32,
        offset: u64,
    ) -> (Rc<Dealt>, Lazy<Formula>) {
        let (mask, adds) = match x.owner {
            Some(owner) => (self.own_mask(owner, shape), owner == self.me()),
            None => (self.mask(shape), self.leads()),
        };
        let offset = if adds { offset } else { 0 };
        let masked = self.queue().zip(&x.shares, &mask.shares(self, 64), move |x, mask| {
            Formula::weighted(vec![(1, x), (1, mask)]).plus(offset).tensor()
        });
        let opened = match x.owner {
            Some(owner) => self.send_ring(owner, &masked, shape, bits),
            None => self.open_ring(&masked, shape, bits),
        };
        let mask = match &x.rest {
            None => mask,
            Some(rest) => Dealt::combined(vec![(1, mask), (u64::MAX, Rc::clone(rest))]),
        };
        (mask, self.formula(&opened))
    }

    /// Uniform planes of bits. Free.
    pub(crate) fn mask_bits(&self, len: usize, planes: usize) -> (KnownBits, Lazy<Bits>) {
        let address = self.address();
        let expander = self.core.expander.clone();
        let shares = Lazy::thunk(move || expander.mask_bits(address, len, planes));
        let planes = u32::try_from(planes).expect("few planes");
        (KnownBits::Mask { address, len: len as u64, planes }, shares)
    }

    /// Opens shares modulo 2^bits to everybody: one round, `bits` bits an element.
    pub(crate) fn open_ring(
        &self,
        shares: &Lazy<Tensor>,
        shape: &[usize],
        bits: u32,
    ) -> Lazy<Tensor> {
        let opened = self.exchange_ring(shares, shape, bits, Receivers::All);
        opened.expect("everybody receives what is opened to all")
    }

    /// Opens shares modulo 2^bits to some; the value if this party is among them.
    pub(crate) fn exchange_ring(
        &self,
        shares: &Lazy<Tensor>,
        shape: &[usize],
        bits: u32,
        receivers: Receivers,
    ) -> Option<Lazy<Tensor>> {
        let count: usize = shape.iter().product();
        let shape = shape.to_vec();
        self.exchange(shares, receivers, Format::Ring { count, bits }, {
            let encode =
                move |own: &Tensor, out: &mut Vec<u8>| pack_onto(out, own.as_slice(), bits);
            let combine = move |own: Tensor, others: Vec<Share>| {
                let add = |mut total: Vec<u64>, share: &[u64]| {
                    let both = total.iter_mut().zip(share);
                    both.for_each(|(sum, share)| *sum = sum.wrapping_add(*share));
                    total
                };
                let mut others = others.into_iter().map(Share::ring);
                let first = others.next().expect("there are at least two parties");
                let total = others.fold(add(first, own.as_slice()), |total, s| add(total, &s));
                let total = Tensor::from_vec(&shape, total).expect("as many as opened");
                if bits == 64 { total } else { total.low_bits(bits) }
            };
            (Box::new(encode), Box::new(combine))
        })
    }

    /// One party sends numbers modulo 2^bits, uniform to all others, to everybody: one round,
    /// `bits` bits an element from that party.
    fn send_ring(
        &self,
        sender: u8,
        numbers: &Lazy<Tensor>,
        shape: &[usize],
        bits: u32,
    ) -> Lazy<Tensor> {
        let count: usize = shape.iter().product();
        let format = Format::Ring { count, bits };
        let address = self.address();
        let round = numbers.ready() + 1;
        self.charge(format, round, Some(sender), Receivers::All);
        let view = self.viewed(round, Receivers::All);
        if sender == self.me() {
            let core = Rc::downgrade(self.core);
            let _sent = self.queue().map_eagerly(numbers, move |numbers| {
                let Some(core) = core.upgrade() else { return };
                let payload = Payload {
                    bytes: format.bytes(),
                    write: Box::new(move |out| pack_onto(out, numbers.as_slice(), bits)),
                };
                let receivers = Receivers::All;
                let opening = Opening { address, receivers, payload, complete: None };
                core.exchange.borrow_mut().open(opening);
            });
            let reduced = self.queue().map(numbers, move |numbers: Tensor| match bits {
                64 => numbers,
                _ => numbers.low_bits(bits),
            });
            if view.is_some() {
                let _noted = self.queue().map_eagerly(&reduced, move |numbers| {
                    agreement::note(view.as_ref(), &numbers);
                });
            }
            return reduced.after(round);
        }
        let opened = Lazy::from_peers(round);
        let (shape, arrived) = (shape.to_vec(), opened.clone());
        let complete = Box::new(move |sent: Vec<Share>| {
            let numbers = sent.into_iter().next().map(Share::ring).expect("the owner's");
            let numbers = Tensor::from_vec(&shape, numbers).expect("as many as sent");
            agreement::note(view.as_ref(), &numbers);
            arrived.set(numbers);
        });
        self.core.exchange.borrow_mut().expect_from(sender, address, format, complete);
        opened
    }

    /// Counts what the parties send in a round: all of them, or one.
    fn charge(&self, format: Format, round: u32, sender: Option<u8>, receivers: Receivers) {
        let mut sent = self.sent.get();
        let parties = || 0..self.parties();
        for from in parties().filter(|&from| sender.is_none_or(|sender| sender == from)) {
            for to in parties().filter(|&to| to != from && receivers.include(to)) {
                sent[usize::from(from)][usize::from(to)] += format.bytes() as u64;
            }
        }
        self.sent.set(sent);
        self.first_round.set(self.first_round.get().min(round));
        self.last_round.set(self.last_round.get().max(round));
    }

    /// Opens xor-shared planes to everybody: one round, a bit each.
    pub(crate) fn open_bits(&self, shares: &Lazy<Bits>, len: usize, planes: usize) -> Lazy<Bits> {
        let opened = self.exchange_bits(shares, len, planes, Receivers::All);
        opened.expect("everybody receives what is opened to all")
    }

    /// Opens xor-shared planes to some; the value if this party is among them.
    pub(crate) fn exchange_bits(
        &self,
        shares: &Lazy<Bits>,
        len: usize,
        planes: usize,
        receivers: Receivers,
    ) -> Option<Lazy<Bits>> {
        self.exchange(shares, receivers, Format::Bits { len, planes }, {
            let encode = |own: &Bits, out: &mut Vec<u8>| own.bytes_onto(out);
            let combine = |own: Bits, others: Vec<Share>| {
                let mut others = others.into_iter().map(Share::bits);
                let first = others.next().expect("there are at least two parties");
                others.fold(add_bits(first, &own), |total, share| add_bits(total, &share))
            };
            (Box::new(encode), Box::new(combine))
        })
    }

    fn exchange<T: Clone + Opened + 'static>(
        &self,
        shares: &Lazy<T>,
        receivers: Receivers,
        format: Format,
        (encode, combine): (Encode<T>, Combine<T>),
    ) -> Option<Lazy<T>> {
        let address = self.address();
        let round = shares.ready() + 1;
        self.charge(format, round, None, receivers);
        let view = self.viewed(round, receivers);
        let receives = receivers.include(self.core.config.me);
        let opened = Lazy::from_peers(round);
        let (core, output) = (Rc::downgrade(self.core), opened.clone());
        if receives {
            self.core.exchange.borrow_mut().expect(address, format);
        }
        // Its result is of no interest: the job sends the share when it is there.
        let own = shares.clone();
        let _sent = self.core.queue.after(&[shares, &Lazy::here(())], move || {
            let Some(core) = core.upgrade() else { return };
            let own = own.get();
            let opening = Opening {
                address,
                receivers,
                payload: Payload {
                    bytes: format.bytes(),
                    write: Box::new({
                        let own = own.clone();
                        move |out| encode(&own, out)
                    }),
                },
                complete: receives.then(|| -> Box<dyn FnOnce(Vec<Share>)> {
                    Box::new(move |others| {
                        let opened = combine(own, others);
                        agreement::note(view.as_ref(), &opened);
                        output.set(opened);
                    })
                }),
            };
            core.exchange.borrow_mut().open(opening);
        });
        receives.then_some(opened)
    }
}

type Encode<T> = Box<dyn FnOnce(&T, &mut Vec<u8>)>;
type Combine<T> = Box<dyn FnOnce(T, Vec<Share>) -> T>;

fn mask_shares(shape: &[usize], expander: Expander, address: Address) -> Formula {
    Formula::computed(shape, move |start, elements| expander.read_mask(address, start, elements))
}

fn add_bits(mut total: Bits, share: &Bits) -> Bits {
    total.xor_assign(share).expect("equal dimensions");
    total
}
