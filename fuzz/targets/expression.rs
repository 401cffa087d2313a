//! The text of an expression.
#![no_main]

use cryptab_expression::{Expression, Scope};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Expression::parse(text) {
        // Nothing is in scope: names are unknown, and what is computed is small.
        Ok(expression) => {
            if !expression.names().is_empty() {
                let _ = expression.evaluate(&Scope::clear()).map_err(|error| error.to_string());
            }
        }
        Err(error) => drop(error.to_string()),
    }
});
