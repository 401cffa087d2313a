//! Affine forms: "public + sum of public * dealer-known". Their products need no communication.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use cryptab_correlation::{Address, Known, MAX_REMEMBERED, Structure};
use cryptab_tensor::{Formula, Tensor};

use crate::dealt::Dealt;
use crate::lazy::{Input, Lazy};
use crate::recorder::Recorder;

/// value = public + sum over terms of factor * known, all of one shape.
#[derive(Clone)]
pub(crate) struct Affine {
    pub(crate) public: Lazy<Formula>,
    pub(crate) terms: Vec<Term>,
    pub(crate) shape: Vec<usize>,
}

/// `factor * known`.
#[derive(Clone)]
pub(crate) struct Term {
    factor: Factor,
    known: Rc<Dealt>,
}

/// The public factor of a term.
#[derive(Clone)]
enum Factor {
    /// 1: fixed in advance.
    One,
    /// Known after an opening; its address tells equal factors.
    Opened(Address, Lazy<Formula>),
}

impl Affine {
    /// A public number.
    pub(crate) fn constant(public: Lazy<Formula>, shape: &[usize]) -> Self {
        Self { public, terms: Vec::new(), shape: shape.to_vec() }
    }

    /// A public tensor.
    pub(crate) fn tensor(recorder: &Recorder<'_>, public: &Lazy<Tensor>, shape: &[usize]) -> Self {
        Self::constant(recorder.formula(public), shape)
    }

    /// The same public number everywhere.
    pub(crate) fn number(number: u64, shape: &[usize]) -> Self {
        let dimensions = shape.to_vec();
        Self::constant(Lazy::thunk(move || Formula::same(&dimensions, number)), shape)
    }

    /// The same with a term whose factor is fixed in advance.
    pub(crate) fn plus_known(mut self, known: Rc<Dealt>) -> Self {
        self.terms.push(Term { factor: Factor::One, known });
        self
    }

    /// The same with a term whose factor the opening at `address` reveals.
    pub(crate) fn plus_opened(
        mut self,
        at: Address,
        factor: Lazy<Formula>,
        known: Rc<Dealt>,
    ) -> Self {
        self.terms.push(Term { factor: Factor::Opened(at, factor), known });
        self
    }

    /// The public combination `a * self + b * other`.
    pub(crate) fn combine(&self, recorder: &Recorder<'_>, a: u64, b: u64, other: &Self) -> Self {
        let public = recorder
            .queue()
            .zip(&self.public, &other.public, move |x, y| Formula::weighted(vec![(a, x), (b, y)]));
        let mut terms: Vec<Term> = self.terms.iter().map(|term| term.multiple(a)).collect();
        for term in &other.terms {
            match terms.iter_mut().find(|mine| mine.factor.equals(&term.factor)) {
                Some(mine) => {
                    let parts = vec![(1, Rc::clone(&mine.known)), (b, Rc::clone(&term.known))];
                    mine.known = Dealt::combined(parts);
                }
                None => terms.push(term.multiple(b)),
            }
        }
        Self { public, terms, shape: self.shape.clone() }
    }

    /// The public multiple `factor * self`.
    pub(crate) fn multiple(&self, recorder: &Recorder<'_>, factor: u64) -> Self {
        let public = recorder.queue().map(&self.public, move |x| x.times(factor));
        let terms = self.terms.iter().map(|term| term.multiple(factor)).collect();
        Self { public, terms, shape: self.shape.clone() }
    }

    /// Deals the shares of its terms now, modulo 2^bits: the largest ring in which they are used.
    pub(crate) fn deal_now(&self, recorder: &Recorder<'_>, bits: u32) {
        for term in &self.terms {
            let _shares = term.known.shares(recorder, bits);
        }
    }

    /// The form of the same values in another arrangement.
    pub(crate) fn arranged(&self, recorder: &Recorder<'_>, structure: &Structure) -> Self {
        let apply = |numbers: &Lazy<Formula>| arranged(recorder, numbers, structure);
        let arrange = |term: &Term| {
            let factor = match &term.factor {
                Factor::One => Factor::One,
                Factor::Opened(address, factor) => Factor::Opened(*address, apply(factor)),
            };
            Term { factor, known: term.known.arranged(structure) }
        };
        Self {
            public: apply(&self.public),
            terms: self.terms.iter().map(arrange).collect(),
            shape: structure.shape(&self.shape).expect("shapes were checked"),
        }
    }

    /// Shares modulo 2^bits of the value. No rounds.
    pub(crate) fn shares(&self, recorder: &Recorder<'_>, bits: u32) -> Lazy<Tensor> {
        recorder.computed(&product(recorder, &[self], bits))
    }
}

impl Term {
    fn multiple(&self, constant: u64) -> Self {
        let known = match constant {
            1 => Rc::clone(&self.known),
            _ => Dealt::combined(vec![(constant, Rc::clone(&self.known))]),
        };
        Self { factor: self.factor.clone(), known }
    }
}

impl Factor {
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::One, Self::One) => true,
            (Self::Opened(a, _), Self::Opened(b, _)) => a == b,
            _ => false,
        }
    }
}

/// One summand of an expanded product: public factors times shares (none: a public number).
#[derive(Default)]
struct Summand {
    publics: Vec<Lazy<Formula>>,
    known: Vec<Rc<Dealt>>,
}

/// Shares modulo 2^bits of the product of affine forms of one shape. No rounds.
///
/// Expands the product of the sums; the dealer shares every monomial of two or more known
/// factors once: `xy = x^ y^ - x^ [ly] - [lx] y^ + [lx ly]` for plain masks, `bits` dealer bits
/// an element.
///
/// Source: Turbospeedz (ePrint 2019/080); ABY2.0 (ePrint 2020/1225); Ohata-Nuida (FC 2020).
pub(crate) fn product(recorder: &Recorder<'_>, forms: &[&Affine], bits: u32) -> Lazy<Formula> {
    sum_of_products(recorder, &[forms], bits)
}

/// The sum of several products, as [`product`].
pub(crate) fn sum_of_products(
    recorder: &Recorder<'_>,
    products: &[&[&Affine]],
    bits: u32,
) -> Lazy<Formula> {
    let mut sum = Sum::default();
    for forms in products {
        if let Some(rest) = sum.add(recorder, forms, bits) {
            sum.products.push(vec![rest.shares(recorder, bits)]);
        }
    }
    sum.shares(recorder, &products[0][0].shape)
}

/// Shares that add up to a number less a rest, which the dealer knows and need not share if the
/// number is only opened under a mask: [`Recorder::open_masked`] takes the rest from the mask.
pub(crate) struct Partial {
    pub(crate) shares: Lazy<Formula>,
    pub(crate) rest: Option<Rc<Dealt>>,
    /// Whose number it is, if one party has entered it: that party's shares are the number.
    pub(crate) owner: Option<u8>,
}

impl Partial {
    /// Shares that lack nothing.
    pub(crate) fn whole(shares: Lazy<Formula>) -> Self {
        Self { shares, rest: None, owner: None }
    }

    /// Whether the rest can be taken from a mask: then the dealer computes it for every request
    /// that names the mask, so it must be cheap or remembered.
    fn is_light(rest: &Dealt) -> bool {
        const MAX_SIZE: usize = 12;
        let count: usize = rest.shape.iter().product();
        rest.known.size() <= MAX_SIZE && count <= MAX_REMEMBERED
    }

    /// The same, with a heavy rest dealt.
    pub(crate) fn lightened(&self, recorder: &Recorder<'_>) -> Self {
        let rest = self.rest.clone().filter(|rest| Self::is_light(rest));
        let shares = match rest {
            Some(_) => self.shares.clone(),
            None => self.shares(recorder, 64),
        };
        Self { shares, rest, owner: self.owner }
    }

    /// Shares of the number itself: the rest is dealt now.
    pub(crate) fn shares(&self, recorder: &Recorder<'_>, bits: u32) -> Lazy<Formula> {
        let Some(rest) = &self.rest else { return self.shares.clone() };
        let rest = rest.shares(recorder, bits);
        recorder
            .queue()
            .zip(&self.shares, &rest, |part, rest| Formula::weighted(vec![(1, part), (1, rest)]))
    }
}

/// As [`product`], but for the monomial without a public factor: that is the rest.
pub(crate) fn partial_product(recorder: &Recorder<'_>, forms: &[&Affine], bits: u32) -> Partial {
    let mut sum = Sum::default();
    let rest = sum.add(recorder, forms, bits);
    Partial { shares: sum.shares(recorder, &forms[0].shape), rest, owner: None }
}

/// Products of public numbers and shares, to be added up.
#[derive(Default)]
struct Sum {
    products: Vec<Vec<Lazy<Formula>>>,
    ready: u32,
}

impl Sum {
    /// Adds the expanded product, but for the monomial without a public factor, if there is one.
    fn add(&mut self, recorder: &Recorder<'_>, forms: &[&Affine], bits: u32) -> Option<Rc<Dealt>> {
        let mut monomials = HashMap::new();
        let mut rest = None;
        for Summand { publics, known } in summands(forms) {
            if let [one] = known.as_slice()
                && one.nothing_here()
            {
                continue;
            }
            if publics.is_empty() && known.len() > 1 && rest.is_none() {
                rest = Some(Rc::clone(dealt_product(&known, &mut monomials)));
                continue;
            }
            match monomial(recorder, &known, bits, &mut monomials) {
                Some(shares) => self.products.push([publics, vec![shares]].concat()),
                None if recorder.leads() => self.products.push(publics),
                None => {}
            }
        }
        let ready = forms.iter().map(|form| form.public.ready()).max();
        self.ready = self.ready.max(ready.unwrap_or(0));
        rest
    }

    fn shares(self, recorder: &Recorder<'_>, shape: &[usize]) -> Lazy<Formula> {
        let Self { products, ready } = self;
        let (wanted, shape) = (products.clone(), shape.to_vec());
        let inputs: Vec<&dyn Input> = products.iter().flatten().map(|t| t as &dyn Input).collect();
        let sum = recorder.queue().after(&inputs, move || {
            let factors = |product: &Vec<_>| product.iter().map(Lazy::get).collect();
            Formula::sum_of_products(&shape, wanted.iter().map(factors).collect())
        });
        sum.after(ready)
    }
}

/// The summands of the product of the sums.
fn summands(forms: &[&Affine]) -> Vec<Summand> {
    let mut summands = vec![Summand::default()];
    for form in forms {
        let choose = |summand: &Summand, term: Option<&Term>| {
            let mut publics = summand.publics.clone();
            let mut known = summand.known.clone();
            match term {
                None => publics.push(form.public.clone()),
                Some(Term { factor, known: own }) => {
                    if let Factor::Opened(_, factor) = factor {
                        publics.push(factor.clone());
                    }
                    known.push(Rc::clone(own));
                }
            }
            Summand { publics, known }
        };
        let choices = || std::iter::once(None).chain(form.terms.iter().map(Some));
        summands = summands.iter().flat_map(|s| choices().map(move |c| choose(s, c))).collect();
    }
    summands
}

/// Numbers in another arrangement.
pub(crate) fn arranged(
    recorder: &Recorder<'_>,
    numbers: &Lazy<Formula>,
    structure: &Structure,
) -> Lazy<Formula> {
    let structure = structure.clone();
    recorder.queue().map(numbers, move |numbers| {
        structure.apply(&numbers.tensor()).expect("shapes were checked").into()
    })
}

/// Shares of a product of dealer-known tensors; dealt once per expanded product.
fn monomial(
    recorder: &Recorder<'_>,
    known: &[Rc<Dealt>],
    bits: u32,
    dealt: &mut HashMap<Vec<*const Dealt>, Rc<Dealt>>,
) -> Option<Lazy<Formula>> {
    match known {
        [] => None,
        [one] => Some(one.shares(recorder, bits)),
        _ => Some(dealt_product(known, dealt).shares(recorder, bits)),
    }
}

fn dealt_product<'d>(
    known: &[Rc<Dealt>],
    dealt: &'d mut HashMap<Vec<*const Dealt>, Rc<Dealt>>,
) -> &'d Rc<Dealt> {
    let mut name: Vec<*const Dealt> = known.iter().map(Rc::as_ptr).collect();
    name.sort_unstable();
    dealt.entry(name).or_insert_with(|| {
        let (first, others) = known.split_first().expect("a monomial has factors");
        let value = others.iter().fold(first.known.clone(), |value, factor| {
            Known::Product(Arc::new(value), Arc::new(factor.known.clone()))
        });
        let shift: u32 = known.iter().map(|factor| factor.shift()).sum();
        Dealt::asked(value, &first.shape, shift.min(64))
    })
}
