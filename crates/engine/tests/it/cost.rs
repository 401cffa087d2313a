//! What is declared when an operation is recorded equals what crosses the wires, and what the
//! specification says.

use cryptab_engine::{Conv2d, Cost, Engine, EngineConfig, Error, Format, Order, Result, Secret};
use cryptab_testkit::{Endpoint, World};
use cryptab_wire::EngineMessage;
use futures::FutureExt as _;

use crate::common::{PARTIES, input};

/// Divisible by 64: bits fill whole bytes.
pub(crate) const N: usize = 640;

/// Of a message between parties; computing and the dealer take no time.
const LATENCY: u64 = 1_000_000;

/// Bits per element: rounds, online, dealer.
pub(crate) type Bits = (u32, u64, u64);

/// Records `program`; its result is not revealed, but computed because it is forced by a reveal
/// whose own cost is subtracted.
pub(crate) fn check(
    name: &str,
    expected: Bits,
    elements: usize,
    program: impl Fn(&Engine) -> Result<Secret>,
) {
    check_in(Format::default(), name, expected, elements, program);
}

/// As [`check`], in another format.
pub(crate) fn check_in(
    format: Format,
    name: &str,
    expected: Bits,
    elements: usize,
    program: impl Fn(&Engine) -> Result<Secret>,
) {
    for parties in PARTIES {
        let world = World::with(parties, 5, |config| EngineConfig { format, ..config });
        world.network().record();
        world.network().set_latency(LATENCY);
        world.network().set_dealer_latency(0);
        let planner = Engine::planner(parties, format);
        let secret = program(&planner).unwrap();
        let declared = planner.cost();
        let results = world.reveal(&program);
        assert!(results.iter().all(std::result::Result::is_ok), "{name}");
        let total = world.engines()[0].cost();
        assert_eq!(total, world.engines()[1].cost(), "{name}: parties declare the same");
        let _revealed = secret.reveal().unwrap();
        assert_eq!(total, planner.cost(), "{name}: planned as recorded");
        let measured = measure(&world);
        assert_eq!(measured, total, "{name}: measured on the wires with {parties} parties");
        let (rounds, online, dealer) = expected;
        let expected = (rounds, online * elements as u64 / 8, dealer * elements as u64 / 8);
        let found = (declared.rounds, declared.bytes(), declared.dealer_bytes);
        assert_eq!(found, expected, "{name} with {parties} parties");
    }
}

/// Rounds as the time that messages between parties took; bytes of every pair.
fn measure(world: &World) -> Cost {
    let network = world.network();
    let rounds = u32::try_from(network.now() / LATENCY).unwrap();
    let mut cost = Cost { rounds, ..Cost::default() };
    for envelope in network.recorded() {
        match (envelope.from, envelope.to) {
            (Endpoint::Party(from), Endpoint::Party(to)) => {
                let EngineMessage::Frame(frame) = EngineMessage::parse(&envelope.bytes).unwrap()
                else {
                    panic!("no disputes here")
                };
                cost.sent[usize::from(from)][usize::from(to)] +=
                    frame.payloads.iter().map(|(_, payload)| payload.len() as u64).sum::<u64>();
            }
            (Endpoint::Dealer, _) => cost.dealer_bytes += envelope.bytes.len() as u64 - 8,
            _ => {}
        }
    }
    cost
}

pub(crate) fn x(e: &Engine) -> Result<Secret> {
    filled(e, &[N], 1.25)
}

pub(crate) fn y(e: &Engine) -> Result<Secret> {
    filled(e, &[N], -0.5)
}

/// A tensor of one party.
pub(crate) fn owned(e: &Engine, owner: u8) -> Result<Secret> {
    input(e, owner, &[N], &[1.25; N])
}

/// A tensor that no party knows: opening it takes all of them.
pub(crate) fn filled(e: &Engine, shape: &[usize], value: f64) -> Result<Secret> {
    let half = vec![value / 2.0; shape.iter().product()];
    input(e, 0, shape, &half)?.add(&input(e, 1, shape, &half)?)
}

#[test]
fn local_operations_are_free() {
    check("add", (0, 0, 0), N, |e| x(e)?.add(&y(e)?));
    check("neg", (0, 0, 0), N, |e| x(e)?.neg());
    check("sum", (0, 0, 0), N, |e| x(e)?.sum(&[0], false));
}

#[test]
fn products_cost_what_the_specification_says() {
    check("mul", (2, 192, 80), N, |e| x(e)?.mul(&y(e)?));
    check("square", (2, 128, 80), N, |e| x(e)?.square());
    check("rescale", (1, 64, 80), N, |e| x(e)?.rescale(0));
    check("matmul", (2, 64 * (8 * 16 + 16 * 4) + 64 * 32, 80 * 32), 1, |e| {
        filled(e, &[8, 16], 1.0)?.matmul(&filled(e, &[16, 4], 1.0)?)
    });
    check("conv2d", (2, 64 * (64 + 9 + 36), 80 * 36), 1, |e| {
        let image = filled(e, &[1, 1, 8, 8], 1.0)?;
        image.conv2d(&filled(e, &[1, 1, 3, 3], 1.0)?, &Conv2d::default())
    });
    check("matmul with public integers", (0, 0, 0), 1, |e| {
        filled(e, &[8, 16], 1.0)?.matmul(&e.constant(&[16, 4], &[2.0; 64])?)
    });
    check("matmul with public reals", (1, 64 * 32, (64 + 29) * 32), 1, |e| {
        filled(e, &[8, 16], 1.0)?.matmul(&e.constant(&[16, 4], &[0.3; 64])?)
    });
}

#[test]
fn what_goes_to_one_peer_is_counted_for_that_peer() {
    for parties in PARTIES {
        let world = World::new(parties, 6);
        world.network().record();
        let pending: Vec<_> = world
            .engines()
            .iter()
            .map(|e| x(e).unwrap().shuffle(0).unwrap().reveal_to(1).unwrap())
            .collect();
        world.run();
        let results = pending.into_iter().map(|result| result.now_or_never().unwrap());
        assert!(results.into_iter().all(|result| result.is_ok()));
        let cost = world.engines()[0].cost();
        assert_eq!(measure(&world).sent, cost.sent);
        let each = 8 * N as u64;
        assert_eq!((cost.sent[0][1], cost.sent[1][0], cost.sent[0][0]), (2 * each, each, 0));
    }
}

#[test]
fn an_input_is_opened_by_its_owner_alone() {
    for parties in PARTIES {
        let world = World::new(parties, 6);
        world.network().record();
        let results = world.reveal(|e| {
            let (x, y) = (input(e, 0, &[N], &[1.25; N])?, input(e, 1, &[N], &[-0.5; N])?);
            x.reshape(&[2, N / 2])?.reshape(&[N])?.mul(&y.neg()?)
        });
        for result in results {
            assert_eq!(result.unwrap(), [0.625; N]);
        }
        let cost = world.engines()[0].cost();
        let truncated_and_revealed = 2 * 8 * N as u64;
        for (party, sent) in (0..parties).zip(cost.sent) {
            let opens = if party < 2 { 8 * N as u64 } else { 0 };
            let agreeing = if parties > 2 { 32 } else { 0 };
            let most = sent.into_iter().max().unwrap();
            assert_eq!(
                most,
                opens + truncated_and_revealed + agreeing,
                "party {party} of {parties}"
            );
        }
        assert_eq!(measure(&world).sent, cost.sent);
    }
}

/// What a third party could have sent differently to others is compared first: a round and a
/// digest, once for all that is revealed after the same round.
#[test]
fn a_reveal_costs_what_it_says() {
    let share = 8 * N as u64;
    for parties in PARTIES {
        let digest = if parties > 2 { 32 } else { 0 };
        let agreeing = u32::from(parties > 2);
        let planner = Engine::planner(parties, 16);
        let costs = |what: &dyn Fn() -> Result<()>| {
            let before = planner.cost();
            what().unwrap();
            let after = planner.cost();
            (after.rounds - before.rounds, after.bytes() - before.bytes())
        };
        let reveal = |x: &Secret| x.reveal().map(drop);
        let sum = x(&planner).unwrap().add(&y(&planner).unwrap()).unwrap();
        assert_eq!(costs(&|| reveal(&sum)), (1, share), "nothing was opened before");
        let (relu, abs) = (sum.relu().unwrap(), sum.abs().unwrap());
        assert_eq!(costs(&|| reveal(&relu)), (agreeing + 1, digest + share), "{parties} parties");
        assert_eq!(planner.program().last().unwrap().cost.rounds, agreeing + 1);
        assert_eq!(costs(&|| reveal(&abs)), (0, share), "recorded together");
        assert_eq!(costs(&|| relu.reveal_to(1).map(drop)), (0, share), "nothing new was opened");
        let later = relu.exp().unwrap();
        assert_eq!(costs(&|| reveal(&later)), (agreeing + 1, digest + share), "{parties} parties");
    }
    let bits = |e: &Engine| x(e)?.lt(&y(e)?);
    let world = World::new(3, 5);
    world.network().record();
    world.network().set_latency(LATENCY);
    world.network().set_dealer_latency(0);
    let pending: Vec<_> = world
        .engines()
        .iter()
        .map(|e| {
            let (bits, relu) = (bits(e).unwrap(), x(e).unwrap().relu().unwrap());
            (bits.reveal_to(2).unwrap(), relu.reveal().unwrap(), bits.reveal().unwrap())
        })
        .collect();
    world.run();
    assert!(pending.into_iter().all(|(_, relu, _)| relu.now_or_never().unwrap().is_ok()));
    assert_eq!(measure(&world), world.engines()[0].cost());
    assert_eq!(world.engines()[0].cost().rounds, 4 + 2);
}

#[test]
fn comparisons_cost_what_the_specification_says() {
    check("lt", (3, 64 + 48, 304), N, |e| x(e)?.lt(&y(e)?));
    check("eq", (3, 64 + 26, 251), N, |e| x(e)?.eq(&y(e)?));
    check("relu", (4, 64 + 48 + 1, 304 + 128), N, |e| x(e)?.relu());
    check("abs", (4, 64 + 48 + 1, 304 + 128), N, |e| x(e)?.abs());
    check("relu of 32 bits", (3, 33 + 11 + 1, 301 + 221), N, |e| x(e)?.within(32)?.relu());
    check("relu after a product", (4, 192 + 11 + 1, 525), N, |e| {
        x(e)?.mul(&y(e)?)?.within(32)?.relu()
    });
    check("clamp of 32 bits", (3, 33 + 24, 764), N, |e| x(e)?.within(31)?.clamp(-1.0, 1.0));
    check("round", (3, 64 + 7 + 1, 80 + 75 + 64), N, |e| x(e)?.round());
    check("quantize", (8, 45 + 25 + 18 + 2 * 20 + 3, 245), N, |e| {
        let x = x(e)?.rescale(20)?;
        x.within(43)?.quantize(8)
    });
    check("where", (4, 64 + 48 + 65, 304 + 128), N, |e| {
        let (x, y) = (x(e)?, y(e)?);
        x.where_(&x.lt(&y)?, &y)
    });
}

/// Padding of short planes of bits counts as bits; 32 bits of differences are declared as 31.
#[test]
fn choices_cost_what_the_specification_says() {
    let group = |e: &Engine, rows: usize| -> Result<Secret> {
        input(e, 0, &[rows, N], &vec![0.5; rows * N])?.within(31)
    };
    let of = |rows: u64| rows * 33 + rows * (rows - 1) / 2 * 12;
    for (rows, dealer) in [(2, 615), (3, 2165), (4, 5852)] {
        let name = format!("champion of {rows}");
        check(&name, (3, of(rows), dealer), N, |e| {
            group(e, usize::try_from(rows).unwrap())?.amax(&[0], false)
        });
        check(&name, (3, of(rows), dealer), N, |e| {
            Ok(group(e, usize::try_from(rows).unwrap())?.max(0, false)?.0)
        });
    }
    for (rows, dealer) in [(5, 4134), (8, 11122)] {
        let name = format!("champion of {rows}");
        check(&name, (4, of(rows) + rows - 1, dealer), N, |e| {
            Ok(group(e, usize::try_from(rows).unwrap())?.max(0, false)?.0)
        });
    }
    // Positions leave in Z_2^64, not modulo 2^16: 48 bits more for each of 4 openings and 21
    // products than the specification's 1084 and 29596.
    check("argmax of 16", (6, 1084 + 4 * 48, 29596 + 21 * 48), N, |e| {
        Ok(group(e, 16)?.max(0, false)?.0)
    });
    check("max of 16", (6, 1084 - 4 * 16, 29596 - 21 * 16), N, |e| group(e, 16)?.amax(&[0], false));
    check("max of 4, full width", (4, 4 * 64 + 6 * 49, 6 * 304 + 64 * 39), N, |e| {
        input(e, 0, &[4, N], &[0.5; 4 * N])?.amax(&[0], false)
    });
    let rounds = |rows: usize, expected: u32| {
        let planner = Engine::planner(2, 16);
        let x = planner.input(0, &[rows], None).unwrap();
        let _both = x.max(0, false).unwrap();
        assert_eq!(planner.cost().rounds, expected, "{rows} candidates");
    };
    for (rows, expected) in
        [(1, 0), (2, 4), (4, 4), (10, 5), (11, 7), (16, 7), (64, 10), (1000, 16)]
    {
        rounds(rows, expected);
    }
}

#[test]
fn secret_indices_cost_what_the_specification_says() {
    let index = |e: &Engine| {
        let data = vec![3.0; N];
        e.input_scaled(0, &[N], (e.me() == 0).then_some(&data), 0)
    };
    check("one_hot", (1, 5, 31 * 64), N, |e| index(e)?.one_hot(20));
    check("public table", (1, 5, 31 * 64), N, |e| {
        index(e)?.embedding(&e.constant(&[32, 3], &[0.3; 96])?)
    });
    let (table, dealer) = (64 * 32, (2 * 32 - 1) * 64);
    check("gather", (1, 5 * N as u64 + table, dealer * N as u64), 1, |e| {
        index(e)?.embedding(&input(e, 1, &[32], &[0.5; 32])?)
    });
}

#[test]
fn sorting_takes_the_same_rounds_for_any_number_of_parties() {
    // 6 pairs of width 32 in one level; ranks modulo 4; one-hot vectors of 4.
    let (online, dealer) = (4 * 33 + 6 * 12 + 4 * 2, 6 * (301 + 2) + 4 * (3 * 64 + 4 * (64 + 31)));
    check("sort of 4", (4, online, dealer), N, |e| {
        Ok(input(e, 0, &[4, N], &[0.5; 4 * N])?.within(31)?.sort(0, Order::Ascending)?.0)
    });
    for (count, rounds) in [(2900, 52), (10_000, 76), (100_000, 136)] {
        for parties in PARTIES {
            let planner = Engine::planner(parties, 16);
            let x = planner.input(0, &[count], None).unwrap();
            let _sorted = x.argsort(0, Order::Descending).unwrap();
            assert_eq!(planner.cost().rounds, u32::from(parties) + rounds, "{count} elements");
        }
    }
    let planner = Engine::planner(5, 16);
    let x = planner.input(0, &[100], None).unwrap();
    let _sorted = x.sort(0, Order::Descending).unwrap();
    assert_eq!(planner.cost().rounds, 5);
}

/// Which elements are compared depends on what was opened; how many does not.
#[test]
fn merging_costs_what_it_declares() {
    const LINE: usize = 2900;
    for parties in PARTIES {
        let world = World::new(parties, 9);
        world.network().record();
        world.network().set_latency(LATENCY);
        world.network().set_dealer_latency(0);
        let line = |e: &Engine| filled(e, &[LINE], 1.25);
        let results = world.reveal(|e| Ok(line(e)?.sort(0, Order::Ascending)?.0));
        assert!(results.iter().all(std::result::Result::is_ok));
        let cost = world.engines()[0].cost();
        assert_eq!(measure(&world), cost);
        let planner = Engine::planner(parties, 16);
        let (sorted, _) = line(&planner).unwrap().sort(0, Order::Ascending).unwrap();
        let declared = planner.cost();
        assert_eq!((declared.rounds, sorted.shape()), (u32::from(parties) + 52, &[LINE][..]));
        let each = |bytes: u64| bytes / LINE as u64;
        println!("{} and {} bytes", each(declared.bytes()), each(declared.dealer_bytes));
        assert!(each(declared.bytes()) < 1100 && each(declared.dealer_bytes) < 2900);
    }
}

#[test]
fn angles_cost_what_they_say() {
    check("cosine_similarity", (7, 4 * 64 + 3 * 64 + 401, 12_306), N, |e| {
        filled(e, &[N, 2], 1.25)?.cosine_similarity(&filled(e, &[N, 2], -0.5)?, 1)
    });
}

#[test]
fn gates_of_bits_cost_what_the_specification_says() {
    check("and of 5", (4, 5 * 112 + 5, 5 * 304 + 5 + 26), N, |e| {
        let zero = e.constant(&[], &[0.0])?;
        let bits = (0..5).map(|_| x(e)?.lt(&zero)).collect::<Result<Vec<_>>>()?;
        Secret::all_of(&bits)
    });
    check("xor", (3, 2 * 112, 2 * 304), N, |e| {
        let zero = e.constant(&[], &[0.0])?;
        x(e)?.lt(&zero)?.xor(&y(e)?.lt(&zero)?)
    });
    check("sign", (4, 64 + 2 * 49, 304 + 140 + 2 * 64), N, |e| x(e)?.sign());
    check("maximum", (4, 64 + 48 + 1, 304 + 128), N, |e| x(e)?.maximum(&y(e)?));
}

#[test]
fn independent_operations_share_rounds() {
    let world = World::new(3, 8);
    let results = world.reveal(|e| {
        let x = x(e)?;
        let parts = (0..10).map(|i| x.add(&e.constant(&[1], &[f64::from(i)])?)?.relu());
        Secret::concat(&parts.collect::<Result<Vec<_>>>()?, 0)
    });
    assert!(results.iter().all(std::result::Result::is_ok));
    // Four of all these, one to agree on what was opened, one to reveal.
    assert_eq!(world.engines()[2].cost().rounds, 6);
    assert_eq!(world.engines()[2].progress().rounds_done, 6);
}

#[test]
fn weights_are_opened_once() {
    let engine = Engine::planner(2, 16);
    let weights = engine.input(1, &[4, 4], None).unwrap();
    let mut previous = 0;
    for _ in 0..3 {
        let image = engine.input(0, &[1, 4], None).unwrap();
        let _out = image.matmul(&weights).unwrap();
        let bytes = engine.cost().bytes() - previous;
        assert_eq!(bytes, if previous == 0 { 8 * (16 + 4) } else { 8 * 4 });
        previous = engine.cost().bytes();
    }
}

#[test]
fn shape_errors_are_raised_at_once_and_name_operation_and_shapes() {
    let engine = Engine::planner(2, 16);
    let x = engine.input(0, &[2, 3], None).unwrap();
    let error = x.matmul(&x).unwrap_err();
    assert!(matches!(error, Error::Misuse { operation: "matmul", .. }));
    assert!(error.to_string().contains("[2, 3]"), "{error}");
}
