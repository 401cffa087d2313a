//! The evaluators of smooth functions side by side, as a table: error, the dealer's bytes, and the
//! time of dealer and party for an element, both on one thread, without a network.
//! `RAYON_NUM_THREADS=1 cargo bench -p cryptab-engine --bench evaluators [-- NAME]`.

use std::collections::BTreeSet;
use std::time::Instant;

use cryptab_correlation::{Corrector, Request};
use cryptab_engine::{
    Engine, EngineConfig, Evaluator, Format, Pending, Result, Secret, Seed, SessionId,
};
use cryptab_testkit::{Endpoint, World};
use futures::FutureExt;

/// A function, its argument's range (logarithmic if positive), and its value in the clear.
struct Case {
    name: &'static str,
    range: [f64; 2],
    private: fn(&Secret) -> Result<Secret>,
    clear: fn(f64) -> f64,
}

/// What one evaluator takes for an element, and its largest error, relative beyond 1.
struct Figures {
    error: f64,
    dealer_bytes: f64,
    dealer_seconds: f64,
    party_seconds: f64,
}

const PARTIES: u8 = 2;
const COUNT: usize = 50_000;
const RUNS: u64 = 5;

fn main() {
    let chosen = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    println!("| function | error | dealer bytes | dealer, us | party, us |");
    println!("|---|---|---|---|---|");
    for case in cases().iter().filter(|case| chosen.as_ref().is_none_or(|c| c == case.name)) {
        let both = Evaluator::ALL.map(|evaluator| measure(case, evaluator));
        let pair = |show: fn(&Figures) -> String| both.each_ref().map(show).join(" / ");
        println!(
            "| {} | {} | {} | {} | {} |",
            case.name,
            pair(|f| format!("{:.1e}", f.error)),
            pair(|f| format!("{:.0}", f.dealer_bytes)),
            pair(|f| format!("{:.2}", f.dealer_seconds * 1e6)),
            pair(|f| format!("{:.2}", f.party_seconds * 1e6)),
        );
    }
}

fn cases() -> Vec<Case> {
    let case = |name, low, high, private, clear| Case { name, range: [low, high], private, clear };
    let (tiny, large) = (1.0 / 65_536.0, 2_f64.powi(29));
    vec![
        case("cos", -20.0, 20.0, Secret::cos, f64::cos),
        case("sigmoid", -14.0, 14.0, Secret::sigmoid, logistic),
        case("tanh", -7.0, 7.0, Secret::tanh, f64::tanh),
        case("erf", -4.0, 4.0, Secret::erf, libm::erf),
        case("gelu", -6.0, 6.0, Secret::gelu, |x| x / 2.0 * libm::erfc(-x * 0.5_f64.sqrt())),
        case("silu", -15.0, 15.0, Secret::silu, |x| x * logistic(x)),
        case("mish", -15.0, 15.0, Secret::mish, |x| x * x.exp().ln_1p().tanh()),
        case("softplus", -14.0, 14.0, Secret::softplus, |x| x.exp().ln_1p()),
        case("reciprocal", tiny, large, Secret::reciprocal, f64::recip),
        case("rsqrt", tiny, large, Secret::rsqrt, |x| x.sqrt().recip()),
        case("sqrt", tiny, large, Secret::sqrt, f64::sqrt),
        case("log", tiny, large, Secret::log, f64::ln),
        case("log2", tiny, large, Secret::log2, f64::log2),
        case("log10", tiny, large, Secret::log10, f64::log10),
    ]
}

fn measure(case: &Case, evaluator: Evaluator) -> Figures {
    let points = points(case.range);
    let count = COUNT as f64;
    let format = Format { evaluator, ..Format::default() };
    let planner = Engine::planner(PARTIES, format);
    let _planned = entered(&planner, &points).and_then(|x| (case.private)(&x)).expect("planned");
    let mut figures = Figures {
        error: 0.0,
        dealer_bytes: planner.cost().dealer_bytes as f64 / count,
        dealer_seconds: f64::INFINITY,
        party_seconds: f64::INFINITY,
    };
    for seed in 0..RUNS {
        let world = World::with(PARTIES, seed, |config| EngineConfig { format, ..config });
        world.network().record();
        let record = |engine: &Engine| {
            let entered = entered(engine, &points).expect("in range");
            let secret = (case.private)(&entered).expect("recorded");
            secret.reveal().expect("recorded")
        };
        let pending: Vec<Pending<Vec<f64>>> = world.engines().iter().map(record).collect();
        let start = Instant::now();
        world.run();
        let all = start.elapsed().as_secs_f64();
        let dealer = dealing(&world);
        figures.dealer_seconds = figures.dealer_seconds.min(dealer / count);
        let party = (all - dealer) / f64::from(PARTIES);
        figures.party_seconds = figures.party_seconds.min(party / count);
        let found = pending.into_iter().next().and_then(FutureExt::now_or_never);
        let found = found.expect("everything has run").expect("a result");
        for (x, found) in points.iter().zip(found) {
            let wanted = (case.clear)(*x);
            figures.error = figures.error.max((found - wanted).abs() / wanted.abs().max(1.0));
        }
    }
    figures
}

/// Numbers that no party knows, as functions mostly get them.
fn entered(engine: &Engine, points: &[f64]) -> Result<Secret> {
    let zeros = [0.0; COUNT];
    let own = |owner, data| (engine.me() == owner).then_some(data);
    let first = engine.input(0, &[COUNT], own(0, points))?;
    first.add(&engine.input(1, &[COUNT], own(1, &zeros[..]))?)
}

/// The seconds that it takes to answer all requests of a world once more.
fn dealing(world: &World) -> f64 {
    let network = world.network();
    let asked = network.recorded().iter().filter(|envelope| envelope.to == Endpoint::Dealer);
    // Several kings ask for the same.
    let requests: BTreeSet<&[u8]> = asked.map(|envelope| &envelope.bytes[..]).collect();
    let seeds: Vec<Seed> = (0..PARTIES).map(|party| Seed::from_bytes([party; 32])).collect();
    let corrector = Corrector::new(&seeds, SessionId([1; 32]));
    let start = Instant::now();
    for request in requests {
        let request = Request::from_bytes(request).expect("parties ask well");
        std::hint::black_box(corrector.correct(&request).expect("a checked request is served"));
    }
    start.elapsed().as_secs_f64()
}

/// Points all over a range, on the grid of 16 fraction bits.
fn points([low, high]: [f64; 2]) -> Vec<f64> {
    let part = |i: usize| i as f64 / (COUNT - 1) as f64;
    let point = |i| match low > 0.0 {
        true => low * (high / low).powf(part(i)),
        false => low + (high - low) * part(i),
    };
    (0..COUNT).map(point).map(|x| (x * 65_536.0).round() / 65_536.0).collect()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
