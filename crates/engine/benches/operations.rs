//! Seconds of computation per operation: two parties and the dealer in turn, on one thread each
//! way, without a network. `cargo bench -p cryptab-engine [-- NAME]`.

use std::time::Instant;

use cryptab_engine::{Conv2d, Divisor, Engine, Order, Result, Secret, Window};
use cryptab_testkit::World;

fn input(engine: &Engine, owner: u8, shape: &[usize]) -> Result<Secret> {
    let data = vec![1.25; shape.iter().product()];
    engine.input(owner, shape, (engine.me() == owner).then_some(&data))
}

fn main() {
    const MILLION: &[usize] = &[1_000_000];
    run("mul", |e| input(e, 0, MILLION)?.mul(&input(e, 1, MILLION)?));
    run("lt", |e| input(e, 0, MILLION)?.lt(&input(e, 1, MILLION)?));
    run("eq", |e| input(e, 0, MILLION)?.eq(&input(e, 1, MILLION)?));
    run("relu", |e| input(e, 0, MILLION)?.relu());
    run("matmul", |e| input(e, 0, &[512, 512])?.matmul(&input(e, 1, &[512, 512])?));
    const MANY: &[usize] = &[100_000];
    run("sin", |e| input(e, 0, MANY)?.sin());
    run("sigmoid", |e| input(e, 0, MANY)?.sigmoid());
    run("gelu", |e| input(e, 0, MANY)?.gelu());
    run("exp", |e| input(e, 0, MANY)?.exp());
    run("log", |e| input(e, 0, MANY)?.log());
    run("sqrt", |e| input(e, 0, MANY)?.sqrt());
    run("reciprocal", |e| input(e, 0, MANY)?.reciprocal());
    run("conv2d", |e| {
        let parameters = Conv2d { padding: [1, 1], ..Conv2d::default() };
        input(e, 0, &[1, 64, 56, 56])?.conv2d(&input(e, 1, &[64, 64, 3, 3])?, &parameters)
    });
    run("max", |e| input(e, 0, &[1000, 100])?.amax(&[0], false));
    run("argmax", |e| input(e, 0, &[1000, 100])?.argmax(0, false));
    run("max_pool", |e| input(e, 0, &[1, 64, 56, 56])?.max_pool(&[Window::new(2); 2]));
    run("max_pool", |e| input(e, 0, &[1, 64, 56, 56])?.within(31)?.max_pool(&[Window::new(2); 2]));
    run("max3x3", |e| {
        input(e, 0, &[1, 64, 56, 56])?.max_pool(&[Window::new(3).stride(2).padding(1); 2])
    });
    run("avg_pool", |e| {
        input(e, 0, &[1, 64, 56, 56])?.avg_pool(&[Window::new(2); 2], Divisor::WithPadding)
    });
    run("sort", |e| Ok(input(e, 0, &[256, 10])?.sort(0, Order::Ascending)?.0));
    run("shuffle", |e| input(e, 0, &[10_000, 10])?.shuffle(0));
    run("one_hot", |e| {
        e.input_scaled(0, &[1000], (e.me() == 0).then_some(&[3.0; 1000]), 0)?.one_hot(1000)
    });
}

fn run(name: &str, program: impl Fn(&Engine) -> Result<Secret>) {
    let chosen = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    if chosen.is_some_and(|chosen| chosen != name) {
        return;
    }
    let mut best = f64::INFINITY;
    for seed in 0..5 {
        let world = World::new(2, seed);
        let secrets: Vec<Secret> =
            world.engines().iter().map(|engine| program(engine).expect("recorded")).collect();
        let start = Instant::now();
        world.run();
        best = best.min(start.elapsed().as_secs_f64());
        drop(secrets);
    }
    println!("{name:>8}: {:7.1} ms", best * 1e3);
}
