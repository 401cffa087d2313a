use cryptab_engine::{Result, Secret};
use ndarray::ArrayD;

use super::inputs::Input;

/// Something to measure.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) name: &'static str,
    /// As people write it.
    pub(crate) size: String,
    pub(crate) job: Job,
}

/// What is done.
#[derive(Clone, Debug)]
pub(crate) enum Job {
    Operation(Operation),
    /// A square photo with a 3x3 filter, whose side is this.
    Photo(u32),
}

/// An operation on tensors, the first of party 0 and the second of party 1.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) inputs: Vec<Input>,
    pub(crate) private: Private,
    pub(crate) clear: Clear,
    pub(crate) span: Span,
}

/// Records the operation.
pub(crate) type Private = fn(&[Secret]) -> Result<Secret>;

/// Computes the same in the clear.
pub(crate) type Clear = fn(&[ArrayD<f64>]) -> Vec<f64>;

/// When the clock runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Span {
    /// From shared inputs to shares of the result.
    Shares,
    /// From inputs to the revealed result.
    Whole,
}

impl Work {
    /// An operation on shared inputs; its size is that of the first input.
    pub(crate) fn operation<const N: usize>(
        name: &'static str,
        inputs: [Input; N],
        private: Private,
        clear: Clear,
    ) -> Self {
        let inputs = Vec::from(inputs);
        let size = inputs.first().map(Input::size).unwrap_or_default();
        Self {
            name,
            size,
            job: Job::Operation(Operation { inputs, private, clear, span: Span::Shares }),
        }
    }

    pub(crate) fn photo(side: u32) -> Self {
        Self { name: "photo", size: format!("{side}x{side} 3x3"), job: Job::Photo(side) }
    }

    /// The same with more to be said of its size.
    pub(crate) fn with(mut self, what: &str) -> Self {
        self.size = format!("{} {what}", self.size);
        self
    }

    /// The same, timed from the inputs to the revealed result.
    pub(crate) fn timed_as_a_whole(mut self) -> Self {
        if let Job::Operation(operation) = &mut self.job {
            operation.span = Span::Whole;
        }
        self
    }

    /// Bytes of the shares of all inputs and the result at all parties.
    pub(crate) fn tensor_memory(&self, parties: u8) -> u64 {
        let results = match &self.job {
            Job::Operation(operation) => operation.result_len(parties),
            Job::Photo(_) => self.input_len(),
        };
        8 * u64::from(parties) * (self.input_len() + results) as u64
    }

    /// Numbers of all inputs.
    pub(crate) fn input_len(&self) -> usize {
        match &self.job {
            Job::Operation(operation) => operation.inputs.iter().map(Input::len).sum(),
            Job::Photo(side) => 3 * (*side as usize).pow(2),
        }
    }
}
