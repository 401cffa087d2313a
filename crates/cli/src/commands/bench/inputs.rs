use cryptab_engine::{Engine, LateInput, Result, Secret};
use ndarray::ArrayD;

/// A tensor whose numbers are spread evenly over an interval.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    shape: Vec<usize>,
    low: f64,
    high: f64,
    /// Fraction bits of the numbers: at most the session's, so that encoding them is exact.
    frac: i32,
}

impl Input {
    /// Between -4 and 4.
    pub(crate) fn new(shape: &[usize]) -> Self {
        Self { shape: shape.to_vec(), low: -4.0, high: 4.0, frac: 16 }
    }

    pub(crate) fn between(self, low: f64, high: f64) -> Self {
        Self { low, high, ..self }
    }

    /// Whole numbers, which often are equal.
    pub(crate) fn whole(self) -> Self {
        Self { frac: 0, ..self }
    }

    pub(crate) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// 512x512; a batch of one is not told.
    pub(crate) fn size(&self) -> String {
        let told = match self.shape.as_slice() {
            [1, image @ ..] if image.len() == 3 => image,
            shape => shape,
        };
        told.iter().map(usize::to_string).collect::<Vec<_>>().join("x")
    }

    /// The numbers of the input of party `owner`, always the same.
    pub(crate) fn numbers(&self, owner: u8) -> ArrayD<f64> {
        let grid = f64::from(self.frac).exp2();
        let (low, span) = (self.low, self.high - self.low);
        let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from(owner);
        ArrayD::from_shape_simple_fn(self.shape.as_slice(), || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let [a, b, c, d, ..] = state.to_le_bytes();
            let even = f64::from(u32::from_le_bytes([a, b, c, d])) / 32_f64.exp2();
            ((low + span * even) * grid).round() / grid
        })
    }

    /// Enters the input at every party; its owner alone has numbers.
    pub(crate) fn share(
        &self,
        engine: &Engine,
        owner: u8,
        numbers: Option<&ArrayD<f64>>,
    ) -> Result<Secret> {
        let numbers =
            numbers.filter(|_| engine.me() == owner).and_then(|numbers| numbers.as_slice());
        engine.input(owner, &self.shape, numbers)
    }

    /// Enters the input at its owner, whose numbers come later.
    pub(crate) fn share_later(&self, engine: &Engine) -> Result<(Secret, LateInput)> {
        engine.input_later(&self.shape)
    }
}

#[cfg(test)]
mod tests {
    use super::Input;

    #[test]
    fn numbers_are_in_their_interval_and_on_the_grid() {
        let input = Input::new(&[1, 3, 20, 50]).between(0.1, 100.0);
        assert_eq!(input.size(), "3x20x50");
        let numbers = input.numbers(1);
        assert_eq!(numbers.len(), input.len());
        assert!(
            numbers.iter().all(|x| (0.09..=100.0).contains(x) && (x * 65_536.0).fract() == 0.0)
        );
        assert!(numbers.iter().copied().fold(0.0, f64::max) > 99.0);
        assert_ne!(numbers, input.numbers(0));
        assert!(Input::new(&[100]).whole().numbers(0).iter().all(|x| x.fract() == 0.0));
    }
}
