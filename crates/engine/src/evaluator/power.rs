//! Exponentials of a masked position.
//!
//! On the circle y^ = y + l, with y = x log2 e, is split as y^ = i * segment + r; then
//! 2^y = 2^(i * segment - l) * 2^r. The first factor is a table that the dealer shares, the second
//! is public. Carries between i and r need no care: the exponents add as real numbers.
//! Cost: no round; 2^`index_bits` entries from the dealer.
//! Source: Keller-Sun (ICML 2022); SIGMA (ePrint 2023/1269).

use std::sync::Arc;

use cryptab_correlation::{EXPONENT_CIRCLE, Exponentials, Known};
use cryptab_tensor::{Formula, Tensor};

use crate::form::View;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// Powers of two with exponents all around a circle.
#[derive(Debug)]
pub(crate) struct Power {
    table: Exponentials,
    /// Fraction bits of the public factors.
    factor_bits: u8,
    /// Results are below 2^largest.
    largest: u8,
}

/// Octaves from -19.4 to 30.6: results up to 2^30.
pub(super) const WIDE: Power = Power {
    table: Exponentials { index_bits: 5, turn: 50, lowest: -325_477_990, scale: 17 },
    factor_bits: 14,
    largest: 30,
};

/// Octaves from -22.5 to 1.5: x <= 0.
pub(super) const SMALL: Power = Power {
    table: Exponentials { index_bits: 4, turn: 24, lowest: -377_487_360, scale: 22 },
    factor_bits: 18,
    largest: 1,
};

impl Power {
    pub(super) fn turn(&self) -> f64 {
        f64::from(self.table.turn) / std::f64::consts::LOG2_E
    }

    pub(super) fn scale(&self) -> u32 {
        u32::from(self.table.scale) + u32::from(self.factor_bits)
    }

    pub(super) fn bits(&self) -> u32 {
        self.scale() + u32::from(self.largest) + 2
    }
}

pub(super) fn evaluate(
    recorder: &Recorder<'_>,
    power: &'static Power,
    position: &View,
) -> Lazy<Formula> {
    let position = position.shifted(recorder, position.bits - EXPONENT_CIRCLE);
    let known = Known::Exponentials(Arc::new(position.mask.clone()), power.table);
    let shares = recorder.deal_tensor(known, power.bits());
    recorder.queue().zip(&position.hat, &shares, move |hat, shares| {
        let hat = hat.tensor();
        let powers = power.table.evaluate(hat.as_slice(), shares.as_slice(), power.factor_bits);
        Tensor::from_vec(hat.shape(), powers.expect("as many shares as asked for"))
            .expect("the shape of the position")
            .into()
    })
}
