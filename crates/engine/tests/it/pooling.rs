use cryptab_engine::{Divisor, Engine, Window};

use crate::common::{UNIT, check, input, numbers};

/// Windows over the last two axes of `[2, 3, h, w]`, element by element, as PyTorch's reference.
struct Image {
    x: Vec<f64>,
    size: [usize; 2],
}

impl Image {
    fn new(size: [usize; 2], seed: u64, shift: f64) -> Self {
        let x = numbers(6 * size[0] * size[1], 5.0, seed);
        // Many ties.
        let x = x.iter().map(|x| if x.abs() < 1.0 { shift } else { x.round() + shift }).collect();
        Self { x, size }
    }

    /// What `of` makes of the elements (flat index, value) under every window.
    fn windows(&self, windows: [Window; 2], of: impl Fn(&[(usize, f64)]) -> f64) -> Vec<f64> {
        let outputs: Vec<usize> =
            windows.iter().zip(self.size).map(|(window, size)| outputs(*window, size)).collect();
        let mut all = Vec::new();
        for image in self.x.chunks(self.size[0] * self.size[1]) {
            for row in 0..outputs[0] {
                for column in 0..outputs[1] {
                    let mut taps = Vec::new();
                    for r in taps_of(windows[0], row, self.size[0]) {
                        for c in taps_of(windows[1], column, self.size[1]) {
                            taps.push((r * self.size[1] + c, image[r * self.size[1] + c]));
                        }
                    }
                    all.push(of(&taps));
                }
            }
        }
        all
    }
}

fn outputs(window: Window, size: usize) -> usize {
    let [kernel, stride, padding, dilation] =
        [window.kernel, window.stride, window.padding, window.dilation].map(|n| n as usize);
    let room = size + 2 * padding - dilation * (kernel - 1) - 1;
    if window == window.ceil() {
        let outputs = room.div_ceil(stride) + 1;
        if (outputs - 1) * stride >= size + padding { outputs - 1 } else { outputs }
    } else {
        room / stride + 1
    }
}

fn taps_of(window: Window, output: usize, size: usize) -> Vec<usize> {
    let [kernel, stride, padding, dilation] =
        [window.kernel, window.stride, window.padding, window.dilation].map(|n| n as usize);
    let start = output * stride;
    let at = |i: usize| (start + i * dilation).checked_sub(padding).filter(|&at| at < size);
    (0..kernel).filter_map(at).collect()
}

fn largest(taps: &[(usize, f64)]) -> (usize, f64) {
    taps.iter().skip(1).fold(taps[0], |best, tap| if tap.1 > best.1 { *tap } else { best })
}

fn shapes() -> Vec<[Window; 2]> {
    let window = Window::new;
    vec![
        [window(2), window(2)],
        [window(3).stride(2).padding(1), window(2).stride(1).padding(1)],
        [window(2).dilation(2).stride(1).ceil(), window(3).stride(2).ceil()],
        [window(1), window(4).stride(3).padding(2).ceil()],
    ]
}

#[test]
fn max_pools_agree_with_the_clear() {
    for (i, windows) in shapes().into_iter().enumerate() {
        for shift in [0.0, -30_000.0] {
            let image = Image::new([5, 6], i as u64 + 70, shift);
            let values = image.windows(windows, |taps| largest(taps).1);
            let indices = image.windows(windows, |taps| largest(taps).0 as f64);
            let shape = [2, 3, 5, 6];
            check(&values, 0.0, |e| input(e, 0, &shape, &image.x)?.max_pool(&windows));
            check(&indices, 0.0, |e| {
                Ok(input(e, 0, &shape, &image.x)?.max_pool_with_indices(&windows)?.1)
            });
        }
    }
}

#[test]
fn average_pools_agree_with_the_clear() {
    for (i, windows) in shapes().into_iter().enumerate() {
        if windows.iter().any(|window| window.dilation != 1) {
            continue;
        }
        let image = Image::new([5, 6], i as u64 + 80, 0.25);
        let mean = |taps: &[(usize, f64)]| taps.iter().map(|tap| tap.1).sum::<f64>();
        let wanted = image.windows(windows, |taps| mean(taps) / taps.len() as f64);
        let shape = [2, 3, 5, 6];
        check(&wanted, 4.0 * UNIT, |e| {
            input(e, 0, &shape, &image.x)?.avg_pool(&windows, Divisor::WithoutPadding)
        });
        let fixed = image.windows(windows, |taps| mean(taps) / 7.0);
        check(&fixed, 4.0 * UNIT, |e| {
            input(e, 0, &shape, &image.x)?.avg_pool(&windows, Divisor::Fixed(7))
        });
    }
    let x: Vec<f64> = (0..25).map(f64::from).collect();
    let wanted = [3.0, 5.0, 6.5, 13.0, 15.0, 16.5, 20.5, 22.5, 24.0];
    check(&wanted, 4.0 * UNIT, |e| {
        input(e, 0, &[1, 1, 5, 5], &x)?.avg_pool(&[Window::new(2).ceil(); 2], Divisor::WithPadding)
    });
    let edges = [0.25, 0.5, 0.25, 0.5, 1.0, 0.5, 0.25, 0.5, 0.25];
    let padded = [Window::new(2).stride(1).padding(1); 2];
    check(&edges, 4.0 * UNIT, |e| {
        input(e, 0, &[1, 1, 2, 2], &[1.0; 4])?.avg_pool(&padded, Divisor::WithPadding)
    });
    check(&[1.0; 9], 4.0 * UNIT, |e| {
        input(e, 0, &[1, 1, 2, 2], &[1.0; 4])?.avg_pool(&padded, Divisor::WithoutPadding)
    });
}

#[test]
fn padding_never_wins() {
    for value in [-100.0, -600.0, -5000.0, -30_000.0, -1e9] {
        check(&[value; 4], 0.0, |e| {
            input(e, 0, &[1, 1, 2, 2], &[value; 4])?.max_pool(&[Window::new(2).padding(1); 2])
        });
    }
}

#[test]
fn adaptive_and_one_dimensional_pools() {
    let x = numbers(2 * 7, 4.0, 90);
    for outputs in 1..=7_usize {
        let bins = |row: usize, of: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
            let bin = |o: usize| o * 7 / outputs..((o + 1) * 7).div_ceil(outputs);
            (0..outputs).map(|o| of(&x[row * 7..][bin(o)])).collect()
        };
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sizes = [u32::try_from(outputs).unwrap()];
        check(&[bins(0, &mean), bins(1, &mean)].concat(), 4.0 * UNIT, |e| {
            input(e, 0, &[2, 7], &x)?.adaptive_avg_pool(&sizes)
        });
        check(&[bins(0, &most), bins(1, &most)].concat(), 0.0, |e| {
            input(e, 0, &[2, 7], &x)?.adaptive_max_pool(&sizes)
        });
    }
    let windows = [Window::new(3).stride(2).padding(1)];
    let wanted: Vec<f64> = [[0, 2], [1, 4], [3, 6], [5, 7]]
        .iter()
        .map(|r| x[r[0]..r[1]].iter().copied().fold(f64::NEG_INFINITY, f64::max))
        .collect();
    check(&wanted, 0.0, |e| input(e, 0, &[1, 7], &x[..7])?.max_pool(&windows));
}

#[test]
fn windows_that_do_not_fit_are_refused() {
    let engine = Engine::planner(2, 16);
    let x = engine.input(0, &[1, 4, 4], None).unwrap();
    assert!(x.max_pool(&[Window::new(5)]).is_err());
    assert!(x.max_pool(&[Window::new(2).padding(2)]).is_err());
    assert!(x.max_pool(&[Window::new(2); 4]).is_err());
    assert!(x.avg_pool(&[Window::new(2).dilation(2)], Divisor::WithPadding).is_err());
    assert!(x.avg_pool(&[Window::new(2)], Divisor::Fixed(0)).is_err());
    assert!(x.adaptive_avg_pool(&[0]).is_err());
    let tall = engine.input(0, &[1, 1], None).unwrap();
    assert!(tall.max_pool(&[Window::new(2).dilation(2).padding(1)]).is_err(), "no element");
}
