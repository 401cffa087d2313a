//! Cases of the function reference, on its own inputs; the sum over all results of a case is the
//! reference's check of whoever computes the expected values.

use cryptab_engine::{Divisor, Engine, Interpolation, Order, Rounding, Secret, Window};
use cryptab_testkit::World;

use crate::common::{UNIT, grid, input};

/// `SM(seed)[i]`.
fn mixed(seed: u64, i: u64) -> u64 {
    let z = seed.wrapping_add((i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// `U(seed, low, high, count)`: reals on the grid.
fn reals(seed: u64, low: f64, high: f64, count: usize) -> Vec<f64> {
    let unit = |i: u64| (mixed(seed, i) >> 11) as f64 * 2_f64.powi(-53);
    (0..count as u64).map(|i| grid(low + (high - low) * unit(i))).collect()
}

/// `Z(seed, low, high, count)`: integers.
fn integers(seed: u64, low: i64, high: i64, count: usize) -> Vec<f64> {
    let width = (high - low).cast_unsigned();
    let draw = |i: u64| low + (mixed(seed, i) % width).cast_signed();
    (0..count as u64).map(|i| draw(i) as f64).collect()
}

/// All results of a case, which all parties must have.
struct Case {
    engines: World,
    sum: f64,
    count: usize,
}

impl Case {
    fn new(parties: u8) -> Self {
        Self { engines: World::new(parties, 77), sum: 0.0, count: 0 }
    }

    fn run(&mut self, program: impl Fn(&Engine) -> Secret) -> Vec<f64> {
        let results = self.engines.reveal(|e| Ok(program(e)));
        let first = results[0].clone().unwrap();
        assert!(results.iter().all(|result| *result.as_ref().unwrap() == first));
        self.sum += first.iter().sum::<f64>();
        self.count += first.len();
        first
    }

    fn finish(self, count: usize, sum: f64, tolerance: f64) {
        assert_eq!(self.count, count);
        let error = (self.sum - sum).abs();
        assert!(error <= tolerance, "a sum of {} for {sum}", self.sum);
    }
}

fn secret(e: &Engine, shape: &[usize], data: &[f64]) -> Secret {
    input(e, 0, shape, data).unwrap()
}

#[test]
fn g01_generator() {
    assert_eq!(mixed(1, 0), 0x910a_2dec_8902_5cc1);
    assert_eq!(reals(1, 0.0, 1.0, 1), [0.566558837890625]);
    assert_eq!(integers(1, -3, 4, 5), [-1.0, -3.0, -2.0, -3.0, 2.0]);
}

#[test]
fn g20_selections() {
    for parties in [2, 3] {
        let mut x = reals(46, -6.0, 6.0, 95);
        let edges = [0.0, UNIT, -UNIT, 536_870_912.0, -536_870_912.0];
        x.extend(edges);
        let mut case = Case::new(parties);
        let x = |e: &Engine| secret(e, &[100], &x);
        case.run(|e| x(e).abs().unwrap());
        case.run(|e| x(e).sign().unwrap());
        case.run(|e| x(e).relu().unwrap());
        case.run(|e| x(e).neg().unwrap());
        case.run(|e| x(e).clamp(-1.5, 2.25).unwrap());
        case.run(|e| x(e).clamp_min(0.5).unwrap());
        case.run(|e| x(e).clamp_max(-0.5).unwrap());
        case.run(|e| x(e).clamp(0.0, 6.0).unwrap());
        case.run(|e| x(e).maximum(&x(e).neg().unwrap()).unwrap());
        case.run(|e| x(e).minimum(&x(e).flip(&[0]).unwrap()).unwrap());
        case.finish(1000, 1_610_613_267.0, 0.5);
    }
}

#[test]
fn g22_extrema() {
    let shapes: [&[usize]; 9] = [
        &[1],
        &[5],
        &[1, 1],
        &[1, 5],
        &[5, 5],
        &[1, 1, 1],
        &[5, 5, 5],
        &[1, 1, 1, 1],
        &[5, 5, 5, 5],
    ];
    let mut inputs = vec![(vec![1, 8], vec![1.0, 1.0, 2.0, 1.0, 4.0, 1.0, 3.0, 4.0])];
    for shape in shapes {
        inputs.push((shape.to_vec(), integers(47, -5, 6, shape.iter().product())));
    }
    let mut case = Case::new(3);
    for (shape, data) in &inputs {
        let x = |e: &Engine| secret(e, shape, data);
        let all: Vec<usize> = (0..shape.len()).collect();
        case.run(|e| x(e).amax(&all, false).unwrap());
        case.run(|e| x(e).amin(&all, false).unwrap());
        let flat = |e: &Engine| x(e).reshape(&[data.len()]).unwrap();
        case.run(|e| flat(e).argmax(0, false).unwrap());
        case.run(|e| flat(e).argmin(0, false).unwrap());
        for axis in 0..shape.len() {
            for keep in [false, true] {
                case.run(|e| x(e).max(axis, keep).unwrap().0);
                case.run(|e| x(e).min(axis, keep).unwrap().0);
                let best = case.run(|e| x(e).argmax(axis, keep).unwrap());
                case.run(|e| x(e).argmin(axis, keep).unwrap());
                let again = World::new(2, 1).reveal(|e| Ok(x(e).max(axis, keep)?.1));
                assert_eq!(*again[0].as_ref().unwrap(), best);
            }
        }
    }
    case.finish(4928, 4322.0, 1e-9);
}

/// Windows of cases 23 and 24.
fn windows(width: usize, dilations: &[u32]) -> Vec<[Window; 2]> {
    let mut all = Vec::new();
    for kernel in 1..=3_u32 {
        for stride in [1, 2] {
            for padding in [0, 1] {
                for &dilation in dilations {
                    for rounding in [Rounding::Floor, Rounding::Ceil] {
                        let window = Window { kernel, stride, padding, dilation, rounding };
                        let extent = (dilation * (kernel - 1) + 1) as usize;
                        let hangs = if rounding == Rounding::Ceil { stride - 1 } else { 0 };
                        let room = (2 * padding + hangs) as usize;
                        let fits = |size: usize| size + room >= extent;
                        if padding <= kernel / 2 && fits(width) && fits(5) {
                            all.push([window; 2]);
                        }
                    }
                }
            }
        }
    }
    all
}

#[test]
fn g23_max_pool() {
    let mut case = Case::new(2);
    for width in [2, 3, 4] {
        let shape = [1, 4, 5, width];
        let data = reals(48, -6.0, 6.0, 20 * width);
        let low: Vec<f64> = data.iter().map(|x| x - 30_000.0).collect();
        for windows in windows(width, &[1, 2]) {
            let values = case.run(|e| secret(e, &shape, &data).max_pool(&windows).unwrap());
            case.run(|e| secret(e, &shape, &data).max_pool_with_indices(&windows).unwrap().1);
            let world = World::new(3, 1);
            let lowered = world.reveal(|e| input(e, 0, &shape, &low)?.max_pool(&windows));
            let raised: Vec<f64> =
                lowered[0].as_ref().unwrap().iter().map(|x| x + 30_000.0).collect();
            assert_eq!(raised, values);
        }
    }
    case.finish(6720, 29_788.988_403, 1e-4);
}

#[test]
fn g24_average_pool() {
    let mut case = Case::new(3);
    for width in [2, 3, 4] {
        let data = reals(49, -6.0, 6.0, 20 * width);
        for windows in windows(width, &[1]) {
            for divisor in [Divisor::WithPadding, Divisor::WithoutPadding] {
                case.run(|e| {
                    secret(e, &[1, 4, 5, width], &data).avg_pool(&windows, divisor).unwrap()
                });
            }
        }
    }
    case.finish(4264, 1_726.719_945, 4264.0 * 2.0 * UNIT);
}

#[test]
fn g25_adaptive_pools() {
    let mut case = Case::new(2);
    for side in 1..=10_u32 {
        let size = side as usize;
        let data = reals(50, -6.0, 6.0, 2 * size * size);
        let x = |e: &Engine| secret(e, &[1, 2, size, size], &data);
        let line = |e: &Engine| x(e).select(2, 0).unwrap();
        for k in 1..=side {
            case.run(|e| x(e).adaptive_avg_pool(&[k, k]).unwrap());
            case.run(|e| x(e).adaptive_max_pool(&[k, k]).unwrap());
            case.run(|e| x(e).adaptive_avg_pool(&[side, k]).unwrap());
            case.run(|e| line(e).adaptive_avg_pool(&[k]).unwrap());
            case.run(|e| line(e).adaptive_max_pool(&[k]).unwrap());
        }
    }
    case.finish(9130, 7_537.988_401, 9130.0 * 2.0 * UNIT);
}

#[test]
fn g26_pools_of_one_and_three_dimensions() {
    let mut case = Case::new(2);
    let x = reals(51, -6.0, 6.0, 54);
    let y = reals(52, -6.0, 6.0, 480);
    let x = |e: &Engine| secret(e, &[2, 3, 9], &x);
    let y = |e: &Engine| secret(e, &[2, 2, 4, 5, 6], &y);
    let line = [Window::new(3).stride(2).padding(1)];
    case.run(|e| x(e).max_pool(&line).unwrap());
    case.run(|e| x(e).avg_pool(&line, Divisor::WithPadding).unwrap());
    case.run(|e| y(e).max_pool(&[Window::new(2); 3]).unwrap());
    case.run(|e| y(e).avg_pool(&[Window::new(2); 3], Divisor::WithPadding).unwrap());
    let window = |kernel, stride| Window::new(kernel).stride(stride).padding(1);
    case.run(|e| y(e).max_pool(&[window(2, 1), window(3, 2), window(2, 2)]).unwrap());
    case.run(|e| y(e).adaptive_avg_pool(&[2, 2, 3]).unwrap());
    case.finish(444, 1_309.295_707, 444.0 * 2.0 * UNIT);
}

#[test]
fn g43_arrangements() {
    let (x, y) = (reals(68, -6.0, 6.0, 144), reals(69, -6.0, 6.0, 18));
    let x = |e: &Engine| secret(e, &[2, 3, 4, 6], &x);
    let y = |e: &Engine| secret(e, &[1, 3, 1, 6], &y);
    let mut case = Case::new(2);
    case.run(|e| x(e).narrow(3, 1, 3).unwrap());
    case.run(|e| x(e).repeat(&[2, 1, 1, 3]).unwrap());
    case.run(|e| y(e).expand(&[5, 3, 4, 6]).unwrap());
    case.run(|e| x(e).reshape(&[6, 24]).unwrap());
    case.run(|e| x(e).flatten(1, 2).unwrap());
    case.run(|e| x(e).roll(1, 0).unwrap().roll(-2, 3).unwrap());
    case.run(|e| x(e).unfold(3, 3, 2).unwrap());
    case.run(|e| x(e).flip(&[1, 3]).unwrap());
    case.run(|e| Secret::concat(&x(e).unbind(1).unwrap(), 0).unwrap());
    case.run(|e| x(e).split(&[1, 3], 2).unwrap().remove(1));
    case.run(|e| x(e).chunk(4, 3).unwrap().remove(2));
    case.run(|e| x(e).permute(&[3, 1, 0, 2]).unwrap());
    case.run(|e| x(e).transpose(0, 2).unwrap());
    case.run(|e| y(e).squeeze(2).unwrap().squeeze(0).unwrap());
    case.run(|e| y(e).squeeze(2).unwrap());
    case.run(|e| x(e).unsqueeze(4).unwrap());
    case.run(|e| x(e).movedim(0, 2).unwrap());
    case.run(|e| x(e).tile(&[2, 1]).unwrap());
    case.run(|e| x(e).rot90(1, 2, 3).unwrap());
    case.run(|e| x(e).diagonal(0, 2, 3).unwrap());
    case.run(|e| x(e).repeat_interleave(2, 1).unwrap());
    case.finish(3672, 497.966_08, 1e-4);
}

#[test]
fn g44_scans_and_diagonals() {
    let mut case = Case::new(3);
    let x = reals(70, -6.0, 6.0, 120);
    for axis in 0..3 {
        case.run(|e| secret(e, &[4, 5, 6], &x).cumsum(axis).unwrap());
    }
    for shape in [[3, 3], [10, 10], [2, 3]] {
        let y = reals(71, -6.0, 6.0, shape[0] * shape[1]);
        let y = |e: &Engine| secret(e, &shape, &y);
        case.run(|e| y(e).trace().unwrap());
        case.run(|e| y(e).tril(0).unwrap());
        case.run(|e| y(e).triu(1).unwrap());
        case.run(|e| y(e).diag(0).unwrap());
    }
    let z = reals(72, -1.5, 1.5, 24);
    let products = case.run(|e| secret(e, &[4, 6], &z).cumprod(1).unwrap());
    for (row, found) in z.chunks(6).zip(products.chunks(6)) {
        let mut product = 1.0;
        for (x, found) in row.iter().zip(found) {
            product *= x;
            assert!((found - product).abs() <= 1e-3, "{found} for {product}");
        }
    }
    case.finish(632, 95.163_76, 24.0 * 1e-3);
}

#[test]
fn g45_conditions() {
    let mut case = Case::new(2);
    for shape in [vec![10], vec![5, 10], vec![1, 5, 10]] {
        let count = shape.iter().product();
        let half = |i: u64| ((mixed(73, i) >> 11) as f64 * 2_f64.powi(-53)) < 0.5;
        let c: Vec<f64> = (0..count as u64).map(|i| f64::from(u8::from(half(i)))).collect();
        let (x, y) = (reals(74, -6.0, 6.0, count), reals(75, -6.0, 6.0, count));
        let x = |e: &Engine| secret(e, &shape, &x);
        let y = |e: &Engine| e.constant_scaled(&shape, &y, 16).unwrap();
        let open = |e: &Engine| e.constant(&shape, &c).unwrap();
        let bit = |e: &Engine| secret(e, &shape, &c).eq(&e.constant(&[], &[1.0]).unwrap()).unwrap();
        case.run(|e| x(e).where_(&bit(e), &y(e)).unwrap());
        case.run(|e| x(e).where_(&x(e).gt(&y(e)).unwrap(), &y(e)).unwrap());
        case.run(|e| x(e).where_(&open(e), &e.constant(&[], &[1.5]).unwrap()).unwrap());
        case.run(|e| x(e).masked_fill(&bit(e), -3.0).unwrap());
    }
    case.finish(440, -114.407_684, 1e-4);
}

#[test]
fn g46_joins() {
    let (x, y) = (reals(76, -6.0, 6.0, 81), reals(77, -6.0, 6.0, 81));
    let shape = [3, 3, 3, 3];
    type Enter<'a> = &'a dyn Fn(&Engine, &[f64]) -> Secret;
    let closed = |e: &Engine, data: &[f64]| secret(e, &shape, data);
    let open = |e: &Engine, data: &[f64]| e.constant_scaled(&shape, data, 16).unwrap();
    let kinds: [[Enter<'_>; 2]; 3] = [[&closed, &closed], [&open, &open], [&open, &closed]];
    for [first, second] in kinds {
        let mut case = Case::new(2);
        for axis in 0..4 {
            case.run(|e| Secret::concat(&[first(e, &x), second(e, &y)], axis).unwrap());
        }
        for axis in 0..5 {
            case.run(|e| Secret::stack(&[first(e, &x), second(e, &y)], axis).unwrap());
        }
        case.finish(1458, -501.264_267, 1e-4);
    }
}

#[test]
fn g62_orders() {
    for parties in [2, 5] {
        let x = integers(140, -20, 21, 132);
        let x = |e: &Engine| secret(e, &[4, 33], &x);
        let mut case = Case::new(parties);
        for order in [Order::Ascending, Order::Descending] {
            case.run(|e| x(e).sort(1, order).unwrap().0);
            case.run(|e| x(e).argsort(1, order).unwrap());
        }
        case.run(|e| x(e).topk(5, 1, Order::Descending).unwrap().0);
        case.run(|e| x(e).topk(5, 1, Order::Descending).unwrap().1);
        case.run(|e| x(e).median(1, false).unwrap().0);
        case.run(|e| x(e).kthvalue(7, 1, false).unwrap().0);
        case.run(|e| x(e).quantile(&[0.1, 0.5, 0.9], 1, Interpolation::Linear).unwrap());
        case.finish(588, 4540.8, 1e-3);
    }
}

#[test]
fn g63_secret_indices() {
    let (table, index) = (reals(141, -6.0, 6.0, 140), integers(142, 0, 20, 15));
    let mut case = Case::new(3);
    let index =
        |e: &Engine| e.input_scaled(1, &[3, 5], (e.me() == 1).then_some(&index), 0).unwrap();
    let found = case.run(|e| index(e).embedding(&secret(e, &[20, 7], &table)).unwrap());
    let flags = case.run(|e| index(e).one_hot(20).unwrap());
    assert_eq!((found.len(), flags.iter().sum::<f64>()), (105, 15.0));
}
