//! Seeded programs give the same results and the same messages, bit for bit, natively and in a browser.
//!
//! `tests/vectors/engine.txt` has a line for each program and number of parties: name, parties, hash of
//! all parties' results, hash of all messages. When a protocol changes on purpose, write it anew:
//! `CRYPTAB_WRITE_VECTORS=1 cargo test -p cryptab-wasm --test programs`.

use cryptab_engine::{Conv2d, Engine, Result, Secret};
use cryptab_testkit::World;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const VECTORS: &str = include_str!("../../../tests/vectors/engine.txt");

type Program = fn(&Engine) -> Result<Secret>;

const PROGRAMS: [(&str, Program); 10] = [
    ("matmul", |engine| left(engine, &[19, 23])?.matmul(&right(engine, &[23, 17])?)),
    ("conv2d", |engine| {
        let parameters = Conv2d { stride: [2, 1], padding: [1, 2], ..Conv2d::default() };
        left(engine, &[2, 3, 11, 9])?.conv2d(&right(engine, &[4, 3, 3, 3])?, &parameters)
    }),
    ("mul", |engine| left(engine, &[301])?.mul(&right(engine, &[301])?)),
    ("relu", |engine| left(engine, &[1001])?.relu()),
    ("clamp", |engine| left(engine, &[501])?.clamp(-1.5, 2.25)),
    ("round", |engine| left(engine, &[501])?.round()),
    ("lt", |engine| left(engine, &[777])?.lt(&right(engine, &[777])?)),
    ("eq", |engine| {
        let x = left(engine, &[129])?.round()?;
        x.eq(&right(engine, &[129])?.round()?)
    }),
    ("mean", |engine| left(engine, &[12, 50])?.mean(&[0], false)),
    ("chain", |engine| {
        let (x, w) = (left(engine, &[8, 32])?, right(engine, &[32, 5])?);
        x.matmul(&w)?.relu()?.mul(&x.matmul(&w)?.sum(&[1], true)?)
    }),
];

/// A private input of party 0.
fn left(engine: &Engine, shape: &[usize]) -> Result<Secret> {
    let data = (engine.me() == 0).then(|| numbers(shape, 7));
    engine.input(0, shape, data.as_deref())
}

/// A private input of party 1.
fn right(engine: &Engine, shape: &[usize]) -> Result<Secret> {
    let data = (engine.me() == 1).then(|| numbers(shape, 11));
    engine.input(1, shape, data.as_deref())
}

/// Numbers between -4 and 4.
fn numbers(shape: &[usize], seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits are left")) / f64::from(1 << 29) - 4.0
    };
    (0..shape.iter().product()).map(|_| next()).collect()
}

/// The line of one program.
fn line(name: &str, parties: u8, program: Program) -> String {
    let world = World::new(parties, u64::from(parties));
    world.network().record();
    let mut results = blake3::Hasher::new();
    for result in world.reveal(program) {
        for value in result.expect("a result is revealed") {
            results.update(&value.to_bits().to_le_bytes());
        }
    }
    let mut messages = blake3::Hasher::new();
    for envelope in world.network().recorded() {
        messages.update(&(envelope.bytes.len() as u64).to_le_bytes()).update(&envelope.bytes);
    }
    let short = |hasher: &blake3::Hasher| hasher.finalize().to_hex()[..32].to_owned();
    format!("{name} {parties} {} {}\n", short(&results), short(&messages))
}

fn lines() -> String {
    let each = |(name, program)| [2, 3].map(|parties| line(name, parties, program)).concat();
    PROGRAMS.map(each).concat()
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
