//! What parties send and hold looks uniform, and does not depend on the secret.

use cryptab_engine::{Engine, Secret};
use cryptab_testkit::{Endpoint, World};
use cryptab_wire::EngineMessage;
use futures::FutureExt as _;

const COUNT: usize = 4096;

/// One secret, in many places.
fn secret(e: &Engine, owner: u8, value: f64) -> Secret {
    let data = vec![value; COUNT];
    e.input(owner, &[COUNT], (e.me() == owner).then_some(&data[..])).unwrap()
}

/// What is opened along the way of a program, and the shares of what comes out.
fn observed(parties: u8, seed: u64, value: f64) -> (Vec<u8>, Vec<u64>) {
    let world = World::new(parties, seed);
    world.network().record();
    let record = |e: &Engine| {
        let (x, y) = (secret(e, 0, value), secret(e, 1, value / 3.0));
        let product = x.mul(&y).unwrap();
        let curve = product.sigmoid().unwrap();
        let (words, other) = (product.to_binary().unwrap(), curve.to_binary().unwrap());
        let mixed = words.add(&other).unwrap().and(&words).unwrap();
        let words = mixed.where_(&words.lt(&other).unwrap(), &other).unwrap();
        let equal = words.eq(&other).unwrap().to_number().unwrap().add(&words).unwrap();
        let chosen = x.where_(&x.gt(&y).unwrap(), &curve).unwrap();
        let all = [product.relu().unwrap(), chosen, x.exp().unwrap(), y.square().unwrap(), equal];
        let joined = Secret::stack(&all, 0).unwrap();
        let sorted = joined.sort(0, cryptab_engine::Order::Ascending).unwrap().0;
        sorted.masked().unwrap().local_share()
    };
    let shares: Vec<_> = world.engines().iter().map(record).collect();
    world.run();
    let mut bytes = Vec::new();
    let network = world.network();
    for envelope in network.recorded() {
        // A party says the same to all: what it says to one of them counts.
        let (Endpoint::Party(from), Endpoint::Party(to)) = (envelope.from, envelope.to) else {
            continue;
        };
        if to != u8::from(from == 0) {
            continue;
        }
        let Ok(EngineMessage::Frame(frame)) = EngineMessage::parse(&envelope.bytes) else {
            panic!("no frame")
        };
        frame.payloads.iter().for_each(|(_, payload)| bytes.extend_from_slice(payload));
    }
    let held = shares.into_iter().map(|share| share.now_or_never().unwrap().unwrap());
    (bytes, held.collect::<Vec<_>>().concat())
}

/// Chi-square of so many equally likely bins, as deviations from its mean.
fn deviations(bins: &[usize]) -> f64 {
    let expected = bins.iter().sum::<usize>() as f64 / bins.len() as f64;
    let chi: f64 = bins.iter().map(|&n| (n as f64 - expected).powi(2) / expected).sum();
    let freedom = (bins.len() - 1) as f64;
    (chi - freedom) / (2.0 * freedom).sqrt()
}

fn check_uniform(what: &str, bytes: impl Iterator<Item = u8>) -> [usize; 256] {
    let mut bins = [0; 256];
    let mut ones = 0;
    for byte in bytes {
        bins[usize::from(byte)] += 1;
        ones += byte.count_ones() as usize;
    }
    let count: usize = bins.iter().sum();
    assert!(count > 100_000, "{what}: only {count} bytes");
    let far = deviations(&bins);
    assert!(far.abs() < 4.5, "{what}: chi-square is {far} deviations off");
    let share = (ones as f64 - 4.0 * count as f64) / (2.0 * count as f64).sqrt();
    assert!(share.abs() < 4.5, "{what}: ones are {share} deviations off");
    bins
}

#[test]
fn messages_and_shares_look_uniform() {
    for parties in [2, 3] {
        // The same randomness for both secrets would make their difference visible to the test,
        // not to a party: other seeds, as in other sessions.
        let mut seen = Vec::new();
        for (seed, value) in [(901, 0.0), (902, 5.0), (903, -1.25), (904, 0.0)] {
            let name = format!("{parties} parties, secret {value}");
            let (bytes, shares) = observed(parties, seed, value);
            let length = bytes.len();
            let bins = check_uniform(&format!("{name}: messages"), bytes.into_iter());
            // Every single share, the low and the high bytes alike.
            let per_party = shares.len() / usize::from(parties);
            for (party, own) in shares.chunks(per_party).enumerate() {
                let all = own.iter().flat_map(|share| share.to_le_bytes());
                check_uniform(&format!("{name}: shares of {party}"), all);
            }
            seen.push((length, bins));
        }
        let (length, first) = &seen[0];
        for (other_length, other) in &seen[1..] {
            assert_eq!(length, other_length, "{parties} parties: lengths depend on the secret");
            // Two samples of one distribution.
            let chi: f64 = first
                .iter()
                .zip(other)
                .map(|(&a, &b)| (a as f64 - b as f64).powi(2) / (a + b) as f64)
                .sum();
            let far = (chi - 255.0) / 510_f64.sqrt();
            assert!(far.abs() < 4.5, "{parties} parties: distributions differ by {far}");
        }
    }
}

/// One byte in fifty that is always 0 is noticed.
#[test]
fn the_test_can_fail() {
    let bytes = (0..200_000_u32).map(|i| if i % 50 == 0 { 0 } else { (i % 256) as u8 });
    let outcome = std::panic::catch_unwind(|| check_uniform("a bad one", bytes));
    assert!(outcome.is_err());
}
