//! Numbers as mantissa and exponent: |x| = m * 2^e units, with m in \[3/4, ratio).
//!
//! Comparisons with all powers of the ratio, in one level and with one set of tables, give a
//! thermometer; it selects x shifted by its exponent, which is opened: 22 bits. A function of the
//! mantissa then is shifted by the exponent for free, because one opening gives all truncations.
//!
//! Source: normalisation by a thermometer: Catrina-Saxena (FC 2010), Keller-Sun (ICML 2022).

use cryptab_correlation::Structure;
use cryptab_tensor::{Formula, Tensor};

use super::compare::Tables;
use super::select::piecewise;
use crate::affine::{Affine, Partial};
use crate::bit::Bit;
use crate::dealt::byte;
use crate::form::{Form, View};
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::value::Number;

/// Which regions of numbers are told apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Regions {
    /// The exponent of the lowest region.
    pub(crate) lowest: i32,
    /// The ratio is 2^step; the next region has the exponent `lowest + step`.
    pub(crate) step: i32,
    /// The most regions; a declared range may need fewer.
    pub(crate) most: i32,
    /// Whether the regions are mirrored for x < 0.
    pub(crate) signs: Signs,
    /// What is below the lowest region.
    pub(crate) underflow: Edge,
    /// What is beyond the last region.
    pub(crate) overflow: Edge,
}

/// Which numbers are expected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Signs {
    /// x > 0.
    Positive,
    /// Both signs.
    Both,
}

/// What is beyond the regions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Edge {
    /// Nothing: numbers do not get there.
    None,
    /// A region where results are 0.
    Zero,
}

/// A number whose region and mantissa are known under masks.
pub(crate) struct Normalised {
    /// Exponents of the regions.
    pub(crate) exponents: Vec<i32>,
    /// Opened thermometer bits of the cuts, from left to right.
    pub(crate) steps: Vec<Affine>,
    /// The mantissa on a circle of length 2 * ratio.
    pub(crate) mantissa: View,
    signs: Signs,
    underflow: usize,
    overflow: usize,
}

/// Blocks of the mask, least significant first.
const BLOCKS: [u8; 7] = [6, 6, 7, 7, 7, 7, 7];
/// The mantissa is opened modulo 2^22.
const MANTISSA_BITS: i32 = 22;

/// Finds the region of x, |x| < 2^(width-1), and opens its mantissa.
///
/// `bits_ring`: the largest ring in which the thermometer bits will be used.
/// 4 rounds: open x; compare; open the thermometer bits; open the mantissa.
pub(crate) fn normalise(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    width: u8,
    regions: &Regions,
    bits_ring: u32,
) -> Normalised {
    let Regions { lowest, step, most, signs, .. } = *regions;
    let top = i32::from(width) - 1;
    let exponents: Vec<i32> = (0..most).map(|j| lowest + step * j).filter(|&e| e < top).collect();
    let last = *exponents.last().expect("there is a lowest region");
    let overflows = regions.overflow == Edge::Zero && last + step < top;
    let overflow = usize::from(overflows);
    let underflow = usize::from(regions.underflow == Edge::Zero);

    let zero = (underflow == 1).then_some(0);
    let beyond = overflows.then_some(last + step);
    let bounds: Vec<i32> =
        zero.into_iter().chain(exponents[1..].iter().copied()).chain(beyond).collect();
    let upper = bounds.iter().map(|&e| Cut::Above(e));
    let cuts: Vec<Cut> = match signs {
        Signs::Positive => upper.collect(),
        Signs::Both => {
            let lower = bounds.iter().rev().map(|&e| Cut::Below(e));
            lower.chain([Cut::Zero]).chain(upper).collect()
        }
    };

    // The mantissa of the last region has all its bits in the form.
    let bits = top.max(last + step) + 1;
    let form = x.masked(recorder, shape, bits.cast_unsigned(), false);
    let bits = thermometer(recorder, &form.view(u32::from(width)), shape, &cuts);
    let steps: Vec<Affine> = bits.iter().map(|bit| bit.opened(recorder)).collect();
    steps.iter().for_each(|step| step.deal_now(recorder, bits_ring));

    let first = if signs == Signs::Both { overflow } else { underflow };
    let inner = &steps[first..steps.len() - overflow];
    let part = |&e: &i32| form.part(recorder, MANTISSA_BITS - step - 1 - e);
    let pieces = mirrored(recorder, exponents.iter().map(part).collect(), signs);
    let mantissa = open_mantissa(recorder, &piecewise(recorder, inner, &pieces, 22), shape);
    Normalised { exponents, steps, mantissa, signs, underflow, overflow }
}

impl Normalised {
    /// The piece of the region of x; its negative for x < 0; 0 beyond the regions. No rounds.
    pub(crate) fn select(&self, recorder: &Recorder<'_>, pieces: Vec<Affine>) -> Lazy<Tensor> {
        let zero = Affine::number(0, &pieces[0].shape);
        let mut all = vec![zero.clone(); self.underflow];
        all.extend(pieces);
        all.extend(vec![zero; self.overflow]);
        recorder.computed(&piecewise(
            recorder,
            &self.steps,
            &mirrored(recorder, all, self.signs),
            64,
        ))
    }

    /// The same in another arrangement; the mantissa is not needed any more.
    pub(crate) fn arranged(self, recorder: &Recorder<'_>, structure: &Structure) -> Self {
        let steps = self.steps.iter().map(|step| step.arranged(recorder, structure)).collect();
        Self { steps, ..self }
    }

    /// As [`Self::select`]: for every region the number of `form` divided by 2^(e + `shift`).
    pub(crate) fn select_scaled(
        &self,
        recorder: &Recorder<'_>,
        form: &Form,
        drop: impl Fn(i32) -> i32,
    ) -> Lazy<Tensor> {
        let pieces = self.exponents.iter().map(|&e| form.scaled_down(recorder, drop(e)));
        self.select(recorder, pieces.collect())
    }
}

/// Where the line of numbers is cut.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// -2^exponent.
    Below(i32),
    /// 0.
    Zero,
    /// 2^exponent.
    Above(i32),
}

impl Cut {
    /// How many of the lowest `blocks` the comparison can do without, and the cut without them: what
    /// is below a quarter of the cut does not count.
    fn rough(self, blocks: &[u8]) -> (usize, u64) {
        let exponent = match self {
            Self::Zero => 0,
            Self::Below(e) | Self::Above(e) => e.cast_unsigned(),
        };
        let starts = blocks.iter().scan(0, |start, &width| {
            let block = *start;
            *start += u32::from(width);
            Some(block)
        });
        let usable =
            starts.enumerate().filter(|&(block, start)| block == 0 || start + 2 <= exponent);
        let (without, start) = usable.last().expect("there is a block");
        let power = || 1_i64 << (exponent - start);
        let cut = match self {
            Self::Zero => 0,
            Self::Below(_) => 1 - power(),
            Self::Above(_) => power(),
        };
        (without, cut.cast_unsigned())
    }
}

/// `[x >= cut]`, up to a quarter of the cut towards 0.
fn thermometer(recorder: &Recorder<'_>, view: &View, shape: &[usize], cuts: &[Cut]) -> Vec<Bit> {
    let mut blocks = Vec::new();
    let mut rest = view.bits - 1;
    for width in BLOCKS.map(u32::from) {
        if rest > 0 {
            blocks.push(byte(width.min(rest)));
            rest -= width.min(rest);
        }
    }
    let cuts: Vec<(usize, u64)> = cuts.iter().map(|cut| cut.rough(&blocks)).collect();
    let below = Tables::of_blocks(recorder, view, &blocks).all_below(recorder, shape, &cuts);
    below.iter().map(|bit| bit.flipped(recorder)).collect()
}

/// The pieces for x < 0, from left to right, before those for x >= 0.
fn mirrored(recorder: &Recorder<'_>, pieces: Vec<Affine>, signs: Signs) -> Vec<Affine> {
    match signs {
        Signs::Positive => pieces,
        Signs::Both => {
            let negated = pieces.iter().rev().map(|piece| piece.multiple(recorder, u64::MAX));
            negated.collect::<Vec<_>>().into_iter().chain(pieces).collect()
        }
    }
}

fn open_mantissa(recorder: &Recorder<'_>, shares: &Lazy<Formula>, shape: &[usize]) -> View {
    let bits = MANTISSA_BITS.cast_unsigned();
    let (mask, hat) = recorder.open_masked(&Partial::whole(shares.clone()), shape, bits, 0);
    View { hat, mask: mask.known.clone(), bits }
}
