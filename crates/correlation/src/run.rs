use serde::{Deserialize, Serialize};

/// Positions of an axis in arithmetic progression: `first`, `first + step`, ..., `count` of them.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Run {
    /// The first position.
    pub first: u64,
    /// From one position to the next: may be 0 or negative.
    pub step: i64,
    /// How many positions.
    pub count: u64,
}

impl Run {
    /// Positions as few runs.
    #[must_use]
    pub fn compress(positions: &[usize]) -> Vec<Self> {
        let mut runs = Vec::new();
        let mut rest = positions;
        while let [first, ..] = *rest {
            let step = |i: usize| rest[i] as i64 - rest[i - 1] as i64;
            let steps = 1..rest.len();
            let even = steps.take_while(|&i| step(i) == step(1)).count();
            // Two positions are a run only if the second does not begin a longer one.
            let begins = even == 1 && rest.len() > 3 && step(3) == step(2);
            let count = if begins { 1 } else { even + 1 };
            let step = if count > 1 { step(1) } else { 0 };
            runs.push(Self { first: first as u64, step, count: count as u64 });
            rest = &rest[count..];
        }
        runs
    }

    /// The last position, if the run has one and lies within the non-negative numbers.
    pub(crate) fn last(&self) -> Option<u64> {
        let steps = i128::from(self.count.checked_sub(1)?);
        let last = steps.checked_mul(i128::from(self.step))?.checked_add(i128::from(self.first))?;
        u64::try_from(last).ok()
    }

    /// The positions of a run that has been checked to lie within an axis.
    pub(crate) fn positions(self) -> impl Iterator<Item = u64> {
        (0..self.count)
            .map(move |i| self.first.wrapping_add(self.step.cast_unsigned().wrapping_mul(i)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_say_the_same_positions() {
        let cases: [&[usize]; 7] = [
            &[],
            &[5],
            &[5, 5],
            &[0, 2, 4, 6, 1, 3, 5],
            &[3, 2, 1, 0, 0, 0, 7, 9, 10, 11],
            &[8, 1, 9, 2, 7],
            &[0, 1, 5, 6, 7, 8],
        ];
        for case in cases {
            let runs = Run::compress(case);
            let positions: Vec<usize> = runs
                .iter()
                .flat_map(|run| run.positions())
                .map(|p| usize::try_from(p).unwrap())
                .collect();
            assert_eq!(positions, case);
        }
        assert_eq!(Run::compress(cases[3]).len(), 2);
        assert_eq!(Run { first: 1, step: -1, count: 3 }.last(), None);
        assert_eq!(Run { first: 1, step: i64::MAX, count: u64::MAX }.last(), None);
    }
}
