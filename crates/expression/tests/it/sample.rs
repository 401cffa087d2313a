//! Inputs to expressions, and their evaluation by N parties.

use cryptab_engine::Engine;
use cryptab_expression::{Error, Expression, Kind, Public, Scope, Tensor, Value};
use cryptab_testkit::World;
use futures::FutureExt as _;

const FRAC_BITS: u8 = 16;

/// Inputs by name: shape, smallest, largest, kind.
const INPUTS: [(&str, &[usize], f64, f64, Kind); 16] = [
    ("x", &[2, 3], -6.0, 6.0, Kind::Real),
    ("y", &[2, 3], -6.0, 6.0, Kind::Real),
    ("p", &[2, 3], 0.25, 4.0, Kind::Real),
    ("q", &[2, 3], 0.25, 4.0, Kind::Real),
    ("c", &[2, 3], 0.0, 1.0, Kind::Bit),
    ("d", &[2, 3], 0.0, 1.0, Kind::Bit),
    ("n", &[2, 3], -5.0, 5.0, Kind::Integer),
    ("k", &[4], 0.0, 4.0, Kind::Integer),
    ("v", &[3], -3.0, 3.0, Kind::Real),
    ("a", &[3, 4], -3.0, 3.0, Kind::Real),
    ("m", &[4, 4], -3.0, 3.0, Kind::Real),
    ("z", &[2, 3, 4], -3.0, 3.0, Kind::Real),
    ("i", &[2, 4, 5, 6], -2.0, 2.0, Kind::Real),
    ("w", &[6, 2, 3, 2], -1.0, 1.0, Kind::Real),
    ("s", &[2, 4, 7], -2.0, 2.0, Kind::Real),
    ("f", &[6, 2, 3], -1.0, 1.0, Kind::Real),
];

/// An input's value, exact with the session's fraction bits.
pub(crate) fn input(name: &str) -> Public {
    let found = INPUTS.iter().find(|(known, ..)| *known == name);
    let (_, shape, low, high, kind) = *found.unwrap_or_else(|| panic!("no input {name}"));
    let mut state = name.bytes().fold(7_u64, |seed, byte| seed * 31 + u64::from(byte));
    let mut next = || {
        // SplitMix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let unit = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        let number = low + unit * (high - low);
        if kind == Kind::Real { (number * 65536.0).round() / 65536.0 } else { number.round() }
    };
    let count = shape.iter().product();
    Public::new(shape, (0..count).map(|_| next()).collect(), kind)
}

/// The results in the clear, one after the other.
pub(crate) fn in_clear(text: &str) -> Result<Vec<Public>, Error> {
    let expression = Expression::parse(text)?;
    let mut scope = Scope::clear();
    for name in expression.names() {
        if INPUTS.iter().any(|(known, ..)| *known == name) {
            scope = scope.with(name, input(name).into());
        }
    }
    let value = expression.evaluate(&scope)?;
    Ok(leaves(&value).iter().map(|leaf| leaf.public().unwrap()).collect())
}

/// The results of `parties` parties, who own the inputs in turn.
pub(crate) fn in_private(text: &str, parties: u8) -> Result<Vec<Vec<f64>>, Error> {
    let expression = Expression::parse(text)?;
    let world = World::new(parties, 1);
    let recorded = world.engines().iter().map(|engine| record(&expression, engine));
    let recorded = recorded.collect::<Result<Vec<_>, _>>()?;
    world.run();
    let all: Vec<Vec<Vec<f64>>> = recorded
        .into_iter()
        .map(|pending| pending.into_iter().map(|result| result()).collect())
        .collect();
    assert!(all.iter().all(|results| *results == all[0]), "{text}: the parties differ");
    Ok(all.into_iter().next().unwrap())
}

type Later = Box<dyn FnOnce() -> Vec<f64>>;

fn record(expression: &Expression, engine: &Engine) -> Result<Vec<Later>, Error> {
    let scope = entered(expression, engine);
    let value = expression.evaluate(&scope)?;
    let later = |leaf: Value| -> Later {
        match leaf {
            Value::Tensor(Tensor::Secret(secret)) => {
                let pending = secret.reveal().unwrap();
                Box::new(move || pending.now_or_never().expect("it is here").unwrap())
            }
            value => Box::new(move || value.public().unwrap().elements()),
        }
    };
    Ok(leaves(&value).into_iter().map(later).collect())
}

/// The scope with all inputs, whose data their owners alone pass.
fn entered<'a>(expression: &Expression, engine: &'a Engine) -> Scope<'a> {
    let mut scope = Scope::private(engine, FRAC_BITS);
    for (owner, name) in (0_u8..).zip(expression.names()) {
        let owner = owner % engine.parties();
        let public = input(name);
        let mine = (owner == engine.me()).then(|| public.elements());
        let what = (public.shape(), public.kind());
        scope = scope.with_input(name, owner, what, mine.as_deref()).unwrap();
    }
    scope
}

fn leaves(value: &Value) -> Vec<Value> {
    match value {
        Value::Tuple(parts) => parts.iter().flat_map(leaves).collect(),
        single => vec![single.clone()],
    }
}
