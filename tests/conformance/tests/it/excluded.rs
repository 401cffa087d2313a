//! Cases of tier A that cannot be tested, and why. The lists can only become shorter: a case that
//! is tested must not be here.

/// Whole cases.
pub(crate) const EXCLUDED: &[(&str, &str)] = &[];

/// Parts of cases that are tested otherwise.
pub(crate) const PARTLY: &[(&str, &str)] = &[
    ("c25", "only the backend that the engine chooses; all are compared in cryptab-tensor"),
    ("c42", "the gradient of abs is of tier B: there are no gradients"),
    ("c46", "there are no configuration keys at run time; a misspelt parameter is an error"),
    ("g02", "the engine takes f64 and i64; smaller types are converted by the caller"),
    ("g31", "there are no gradients to track"),
    ("g40", "two lists in one index, and assignment, are positions of the flattened tensor"),
    ("g55", "rappor_loss is of tier B"),
    ("g64", "least squares are of tier B"),
];
