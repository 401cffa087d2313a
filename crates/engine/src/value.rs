//! What a handle stands for: shares, and the masked forms opened so far.

use std::cell::RefCell;

use cryptab_tensor::{Formula, Tensor};

use crate::affine::{Affine, Partial};
use crate::bit::Bit;
use crate::form::Form;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::word::Word;

/// A secret tensor, or one that all parties know.
pub(crate) struct Value {
    pub(crate) shape: Vec<usize>,
    /// Declared range: `|v| < 2^(width-1)` in units of the last place.
    pub(crate) width: u8,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    /// Numbers.
    Number(Number),
    /// Bits.
    Bit(Bit),
    /// Words of 64 bits.
    Word(Word),
}

/// Numbers with `frac` fraction bits.
pub(crate) struct Number {
    pub(crate) frac: u8,
    pub(crate) shares: Lazy<Tensor>,
    /// The numbers themselves, where all parties know them.
    pub(crate) public: Option<Lazy<Tensor>>,
    /// Shares are valid modulo 2^ring: 64, or less for numbers that only leave.
    pub(crate) ring: u32,
    /// Whose number this is: its shares then are the number itself, the others' are zero.
    pub(crate) owner: Option<u8>,
    /// Opened lazily, at most once per width; a mask belongs to one value for ever.
    forms: RefCell<Vec<Form>>,
}

/// The widest range: comparisons of full width.
pub(crate) const FULL_WIDTH: u8 = 64;

impl Number {
    pub(crate) fn shared(frac: u8, shares: Lazy<Tensor>) -> Self {
        Self { frac, shares, public: None, ring: 64, owner: None, forms: RefCell::new(Vec::new()) }
    }

    pub(crate) fn with_forms(frac: u8, shares: Lazy<Tensor>, forms: Vec<Form>) -> Self {
        Self { forms: RefCell::new(forms), ..Self::shared(frac, shares) }
    }

    /// The same number under another handle.
    pub(crate) fn alias(&self) -> Self {
        let Self { frac, shares, public, ring, owner, forms } = self;
        let (shares, public) = (shares.clone(), public.clone());
        Self { frac: *frac, shares, public, ring: *ring, owner: *owner, forms: forms.clone() }
    }

    /// The same number, said to be that of one party alone.
    pub(crate) fn owned(self, owner: Option<u8>) -> Self {
        Self { owner, ..self }
    }

    /// The same number, with shares that are valid modulo 2^ring only.
    pub(crate) fn narrowed(self, ring: u32) -> Self {
        Self { ring, ..self }
    }

    /// A number that all parties know: the leading party's share is the number.
    pub(crate) fn known(recorder: &Recorder<'_>, frac: u8, public: Lazy<Tensor>) -> Self {
        let shares = match recorder.leads() {
            true => public.clone(),
            false => recorder.queue().map(&public, |tensor| Tensor::zeros(tensor.shape())),
        };
        Self { public: Some(public), ..Self::shared(frac, shares) }
    }

    /// The number as it is opened under masks.
    pub(crate) fn partial(&self, recorder: &Recorder<'_>) -> Partial {
        Partial { owner: self.owner, ..Partial::whole(recorder.formula(&self.shares)) }
    }

    /// The widest masked form opened so far (that is valid in `Z_2^64`).
    pub(crate) fn widest(&self, exact: bool) -> Option<Form> {
        let forms = self.forms.borrow();
        forms.iter().filter(|form| form.exact || !exact).max_by_key(|form| form.bits).cloned()
    }

    /// The public tensor and this party's mask shares of a full-width form, if there is one.
    pub(crate) fn full_form(&self) -> Option<(Lazy<Formula>, Lazy<Formula>)> {
        self.forms.borrow().iter().find_map(Form::uniform_parts)
    }

    pub(crate) fn forms(&self) -> Vec<Form> {
        self.forms.borrow().clone()
    }

    /// The masked form of at least `bits` bits: cached, else opened now.
    ///
    /// `exact`: it will be used in `Z_2^64`, and `|v| < 2^(bits-2)` is declared. Otherwise it is
    /// for comparisons only. Cost: 1 round, `bits` bits.
    pub(crate) fn masked(
        &self,
        recorder: &Recorder<'_>,
        shape: &[usize],
        bits: u32,
        exact: bool,
    ) -> Form {
        if let Some(form) = self.widest(exact).filter(|form| form.bits >= bits) {
            return form;
        }
        let form = Form::opened(recorder, &self.partial(recorder), shape, bits);
        let form = form.with_exact(exact || bits == 64);
        self.forms.borrow_mut().push(form.clone());
        form
    }

    /// The full-width form: what matrix products and convolutions need.
    pub(crate) fn full(&self, recorder: &Recorder<'_>, shape: &[usize]) -> Form {
        let kept = self.forms.borrow().iter().find(|form| form.full().is_some()).cloned();
        kept.unwrap_or_else(|| {
            let form = Form::opened(recorder, &self.partial(recorder), shape, 64);
            self.forms.borrow_mut().push(form.clone());
            form
        })
    }

    /// A factor of a product: public, or any exact masked form.
    pub(crate) fn operand(&self, recorder: &Recorder<'_>, shape: &[usize]) -> Affine {
        match &self.public {
            Some(public) => Affine::tensor(recorder, public, shape),
            None => match self.widest(true) {
                Some(form) => form.affine(),
                None => self.masked(recorder, shape, 64, true).affine(),
            },
        }
    }

    /// An operand in `Z_2^64` for `|v| < 2^(width-1)`: cached, or opened with `width` + 1 bits.
    pub(crate) fn in_ring(&self, recorder: &Recorder<'_>, shape: &[usize], width: u32) -> Form {
        match self.widest(true).filter(|form| form.bits >= width) {
            Some(form) => form,
            None => self.masked(recorder, shape, (width + 1).min(64), true),
        }
    }
}

impl Value {
    pub(crate) const fn number(&self) -> Option<&Number> {
        match &self.body {
            Body::Number(number) => Some(number),
            Body::Bit(_) | Body::Word(_) => None,
        }
    }
}
