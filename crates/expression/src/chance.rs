use std::cell::Cell;

/// Ordinary random numbers, for evaluations in the clear: nothing about them is secret.
///
/// The same seed gives the same numbers. Source: `SplitMix64`, Steele, Lea, Flood (OOPSLA 2014).
#[derive(Debug)]
pub struct Chance {
    state: Cell<u64>,
    drawn: Cell<bool>,
}

impl Chance {
    /// Numbers that follow from this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: Cell::new(seed), drawn: Cell::new(false) }
    }

    /// Whether numbers have been drawn: the result is one of many then.
    #[must_use]
    pub const fn has_drawn(&self) -> bool {
        self.drawn.get()
    }

    /// A uniform number from 0 on, below 1.
    pub(crate) fn uniform(&self) -> f64 {
        (self.word() >> 11) as f64 * 2_f64.powi(-53)
    }

    /// A uniform integer from `low` on, below `high`, which is larger.
    pub(crate) fn integer(&self, low: i64, high: i64) -> i64 {
        let range = u128::from(high.abs_diff(low));
        let part = u64::try_from((u128::from(self.word()) * range) >> 64).unwrap_or(0);
        low.wrapping_add_unsigned(part)
    }

    /// A number of mean 0 and deviation 1, normally distributed (Box and Muller, 1958).
    pub(crate) fn normal(&self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    fn word(&self) -> u64 {
        self.drawn.set(true);
        let state = self.state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.state.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
