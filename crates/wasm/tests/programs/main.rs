//! Seeded programs give the same results and the same messages, bit for bit, natively and in a browser;
//! and the results are those of the clear computation.
//!
//! `tests/vectors/engine.txt` has a line for each program, evaluator and number of parties: name, parties,
//! hash of all parties' results, hash of all messages. When a protocol changes on purpose, write it anew:
//! `CRYPTAB_WRITE_VECTORS=1 cargo test -p cryptab-wasm --test programs`.

mod cases;
mod clear;

use cases::Case;
use cryptab_engine::{EngineConfig, Evaluator, Format};
use cryptab_testkit::World;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const VECTORS: &str = include_str!("../../../../tests/vectors/engine.txt");

/// The line of one program, after its values have been compared.
fn line(case: &Case, parties: u8, evaluator: Evaluator) -> String {
    let format = Format { evaluator, ..Format::default() };
    let configure = |config| EngineConfig { format, ..config };
    let world = World::with(parties, u64::from(parties), configure);
    world.network().record();
    let mut results = blake3::Hasher::new();
    for result in world.reveal(&case.program) {
        let values = result.expect("a result is revealed");
        case.compare(&values);
        for value in values {
            results.update(&value.to_bits().to_le_bytes());
        }
    }
    let mut messages = blake3::Hasher::new();
    for envelope in world.network().recorded() {
        messages.update(&(envelope.bytes.len() as u64).to_le_bytes()).update(&envelope.bytes);
    }
    let short = |hasher: &blake3::Hasher| hasher.finalize().to_hex()[..32].to_owned();
    let name = match evaluator {
        Evaluator::Trigonometric => case.name.to_owned(),
        Evaluator::Polynomial => format!("{}-{evaluator}", case.name),
    };
    format!("{name} {parties} {} {}\n", short(&results), short(&messages))
}

/// All programs, then those with smooth functions under the other evaluator.
fn lines() -> String {
    let under = |evaluator| {
        move |case: &Case| [2, 3].map(|parties| line(case, parties, evaluator)).concat()
    };
    let usual: String = cases::all().iter().map(under(Evaluator::Trigonometric)).collect();
    let others: String =
        cases::smooth_functions().iter().map(under(Evaluator::Polynomial)).collect();
    usual + &others
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn the_same_bits_everywhere() {
    let found = lines();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("CRYPTAB_WRITE_VECTORS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/engine.txt");
        std::fs::write(path, &found).unwrap();
        return;
    }
    for (found, expected) in found.lines().zip(VECTORS.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.lines().count(), VECTORS.lines().count());
}
