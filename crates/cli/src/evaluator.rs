//! The option that names an evaluator.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use cryptab_session::Evaluator;

/// Reads the name of an evaluator.
pub(crate) fn evaluator() -> impl TypedValueParser<Value = Evaluator> {
    PossibleValuesParser::new(Evaluator::ALL.map(Evaluator::name)).map(|name| {
        let named = Evaluator::ALL.into_iter().find(|evaluator| evaluator.name() == name);
        named.unwrap_or_default()
    })
}
