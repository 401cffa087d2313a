//! Made-up data, and what functions of it are in the clear.

/// Numbers between -4 and 4.
pub(crate) fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits are left")) / f64::from(1 << 29) - 4.0
    };
    (0..count).map(|_| next()).collect()
}

/// What the engine makes of numbers: units of 2^-16.
pub(crate) fn entered(numbers: Vec<f64>) -> Vec<f64> {
    let unit = 65_536.0;
    numbers.into_iter().map(|value| (value * unit).round_ties_even() / unit).collect()
}

/// A function of every line of `size` elements.
pub(crate) fn lines(
    values: &[f64],
    size: usize,
    function: impl Fn(&[f64]) -> Vec<f64>,
) -> Vec<f64> {
    values.chunks(size).flat_map(function).collect()
}

/// Where the elements are in order, equal ones as they stand.
pub(crate) fn order(line: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..line.len()).collect();
    places.sort_by(|&i, &j| line[i].total_cmp(&line[j]));
    places
}

pub(crate) fn largest(line: &[f64]) -> f64 {
    line.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// Where the largest element is first.
pub(crate) fn place(line: &[f64]) -> f64 {
    let largest = largest(line);
    line.iter().position(|&value| value == largest).map_or(f64::NAN, |at| at as f64)
}

pub(crate) fn softmax(line: &[f64]) -> Vec<f64> {
    let powers: Vec<f64> = line.iter().map(|value| value.exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

pub(crate) fn variance(line: &[f64]) -> f64 {
    let mean = line.iter().sum::<f64>() / line.len() as f64;
    line.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (line.len() - 1) as f64
}

/// `[n, k]` times `[k, m]`.
pub(crate) fn product(x: &[f64], y: &[f64], inner: usize) -> Vec<f64> {
    let columns = y.len() / inner;
    let sum = |row: &[f64], column: usize| -> f64 {
        row.iter().zip(y[column..].iter().step_by(columns)).map(|(a, b)| a * b).sum()
    };
    lines(x, inner, |row| (0..columns).map(|column| sum(row, column)).collect())
}

/// `[2, 3, 11, 9]` with a kernel `[4, 3, 3, 3]`, stride `[2, 1]`, padding `[1, 2]`.
pub(crate) fn convolved(x: &[f64], kernel: &[f64]) -> Vec<f64> {
    let mut result = Vec::new();
    for at in 0..2 * 4 * 6 * 11 {
        let (column, row, output, image) = (at % 11, at / 11 % 6, at / 66 % 4, at / 264);
        let tap = |tap: usize| {
            let (j, i, channel) = (tap % 3, tap / 3 % 3, tap / 9);
            let y = (2 * row + i).checked_sub(1).filter(|&y| y < 11)?;
            let at = (column + j).checked_sub(2).filter(|&at| at < 9)?;
            Some(kernel[output * 27 + tap] * x[((image * 3 + channel) * 11 + y) * 9 + at])
        };
        result.push((0..27).filter_map(tap).sum());
    }
    result
}

/// The largest under windows of 3 by 2 elements side by side in planes of 6 by 4.
pub(crate) fn pooled(x: &[f64], reduce: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    lines(x, 24, |plane| {
        let window = |at: usize| {
            let (row, column) = (at / 2 * 3, at % 2 * 2);
            (0..6).map(|i| plane[(row + i / 2) * 4 + column + i % 2]).collect::<Vec<_>>()
        };
        (0..4).map(|at| reduce(&window(at))).collect()
    })
}

/// The error function, by its series.
pub(crate) fn erf(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    std::f64::consts::FRAC_2_SQRT_PI * sum
}
