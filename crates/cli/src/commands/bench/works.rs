//! Everything that is measured: its name, its inputs, how it is computed in private and in the clear.

use cryptab_engine::{Conv2d, Window};

use super::clear;
use super::inputs::Input;
use super::work::Work;

/// All works, with sizes divided by `shrink`.
pub(crate) fn all(shrink: usize) -> Vec<Work> {
    let smaller = |size: usize, least: usize| (size / shrink).max(least);
    let million = || Input::new(&[smaller(1_000_000, 1)]);
    let many = |low: f64, high: f64| Input::new(&[smaller(100_000, 1)]).between(low, high);
    let rows = |columns: usize| Input::new(&[smaller(1000, 8), columns]);
    let matrix = |side: usize| Input::new(&[smaller(side, 8), smaller(side, 8)]);
    let (channels, side) = (smaller(64, 2), smaller(56, 6));
    let image = || Input::new(&[1, channels, side, side]);
    let filters = Input::new(&[channels, channels, 3, 3]);
    let photo = u32::try_from(smaller(512, 8)).unwrap_or(512);

    let mut works = vec![
        Work::operation("input+reveal", [million()], |x| Ok(x[0].clone()), clear::same)
            .timed_as_a_whole(),
        Work::operation("add", [million(), million()], |x| x[0].add(&x[1]), clear::add),
        Work::operation("mul", [million(), million()], |x| x[0].mul(&x[1]), clear::mul),
        Work::operation("square", [million()], |x| x[0].square(), clear::square),
    ];
    works.extend([256, 512, 1024].map(|side| {
        let inputs = [matrix(side), matrix(side)];
        Work::operation("matmul", inputs, |x| x[0].matmul(&x[1]), clear::matmul)
    }));
    works.extend([
        Work::operation("conv2d", [image(), filters], |x| x[0].conv2d(&x[1], &SAME), clear::conv)
            .with("3x3"),
        Work::operation("lt", [million(), million()], |x| x[0].lt(&x[1]), clear::lt),
        Work::operation(
            "eq",
            [million().whole(), million().whole()],
            |x| x[0].eq(&x[1]),
            clear::eq,
        ),
        Work::operation("relu", [million()], |x| x[0].relu(), clear::relu),
        Work::operation("abs", [million()], |x| x[0].abs(), clear::abs),
        Work::operation("max", [rows(100)], |x| x[0].amax(&[1], false), clear::max),
        Work::operation("argmax", [rows(100)], |x| x[0].argmax(1, false), clear::argmax),
        Work::operation(
            "max_pool",
            [image()],
            |x| x[0].max_pool(&[Window::new(2); 2]),
            clear::pool,
        )
        .with("2x2"),
        Work::operation("exp", [many(-8.0, 4.0)], |x| x[0].exp(), clear::exp),
        Work::operation("log", [many(0.1, 100.0)], |x| x[0].log(), clear::log),
        Work::operation("reciprocal", [many(0.1, 100.0)], |x| x[0].reciprocal(), clear::reciprocal),
        Work::operation("sqrt", [many(0.1, 100.0)], |x| x[0].sqrt(), clear::sqrt),
        Work::operation("rsqrt", [many(0.1, 100.0)], |x| x[0].rsqrt(), clear::rsqrt),
        Work::operation("sigmoid", [many(-8.0, 8.0)], |x| x[0].sigmoid(), clear::sigmoid),
        Work::operation("tanh", [many(-8.0, 8.0)], |x| x[0].tanh(), clear::tanh),
        Work::operation("erf", [many(-2.0, 2.0)], |x| x[0].erf(), clear::erf),
        Work::operation("cos", [many(-4.0, 4.0)], |x| x[0].cos(), clear::cos),
        Work::operation("softmax", [rows(10)], |x| x[0].softmax(1), clear::softmax),
        Work::photo(photo),
    ]);
    works
}

/// The result of a 3x3 filter is as large as the image.
const SAME: Conv2d = Conv2d { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 };
