use cryptab_conformance::{Array, Bound, Case, UNIT, reals};
use cryptab_engine::{Divisor, Rounding, Window};

const FOUR: Bound = Bound::absolute(4.0 * UNIT);

/// Along one axis: for every window the positions under it, -1 and beyond the end as padding, and
/// how many of them count as padded.
fn windows(size: usize, window: &Window) -> Vec<Vec<isize>> {
    let (size, kernel) = (size as isize, window.kernel as isize);
    let (stride, padding) = (window.stride as isize, window.padding as isize);
    let dilation = window.dilation as isize;
    let room = size + 2 * padding - dilation * (kernel - 1) - 1;
    let mut count = match window.rounding {
        Rounding::Floor => room.div_euclid(stride) + 1,
        Rounding::Ceil => -(-room).div_euclid(stride) + 1,
    };
    // A window that starts in the padding behind is dropped.
    if window.rounding == Rounding::Ceil && (count - 1) * stride >= size + padding {
        count -= 1;
    }
    let start = |at: isize| at * stride - padding;
    (0..count).map(|at| (0..kernel).map(|tap| start(at) + tap * dilation).collect()).collect()
}

/// `pick` of the elements under every window: their flat positions in the plane (none: padding)
/// and whether they are within the padded plane.
fn pooled(
    x: &Array,
    each: &[Vec<Vec<isize>>],
    paddings: &[isize],
    pick: impl Fn(&[(f64, usize)], usize) -> f64,
) -> Array {
    let lead = x.shape.len() - each.len();
    let plane = &x.shape[lead..];
    let counts: Vec<usize> = each.iter().map(Vec::len).collect();
    Array::from_fn(&[&x.shape[..lead], &counts[..]].concat(), |out| {
        let mut places: Vec<Vec<isize>> = vec![Vec::new()];
        for (axis, windows) in each.iter().enumerate() {
            let taps = &windows[out[lead + axis]];
            let longer = |place: &Vec<isize>, tap: &isize| [&place[..], &[*tap]].concat();
            places = places.iter().flat_map(|p| taps.iter().map(move |t| longer(p, t))).collect();
        }
        let mut inside = Vec::new();
        let mut padded = 0;
        for place in places {
            let own: Option<Vec<usize>> = place
                .iter()
                .zip(plane)
                .map(|(&at, &size)| usize::try_from(at).ok().filter(|&at| at < size))
                .collect();
            if let Some(own) = own {
                let flat = own.iter().zip(plane).fold(0, |flat, (at, size)| flat * size + at);
                inside.push((x.at(&[&out[..lead], &own[..]].concat()), flat));
            }
            let fits = |axis: usize| place[axis] < plane[axis] as isize + paddings[axis];
            padded += usize::from((0..plane.len()).all(fits));
        }
        pick(&inside, padded)
    })
}

fn largest(inside: &[(f64, usize)]) -> (f64, usize) {
    inside.iter().fold((f64::NEG_INFINITY, 0), |best, &one| if one.0 > best.0 { one } else { best })
}

fn average(inside: &[(f64, usize)], divisor: usize) -> f64 {
    inside.iter().map(|(x, _)| x).sum::<f64>() / divisor as f64
}

fn each(shape: &[usize], windows_of: &[Window]) -> (Vec<Vec<Vec<isize>>>, Vec<isize>) {
    let lead = shape.len() - windows_of.len();
    let all = windows_of.iter().zip(&shape[lead..]).map(|(window, &size)| windows(size, window));
    (all.collect(), windows_of.iter().map(|window| window.padding as isize).collect())
}

/// Windows of cases 23 and 24 that fit.
fn square_windows(width: usize, dilations: &[u32]) -> Vec<[Window; 2]> {
    let mut all = Vec::new();
    for kernel in 1..=3_u32 {
        for stride in [1, 2] {
            for padding in (0..=1).filter(|&padding| padding <= kernel / 2) {
                for &dilation in dilations {
                    for rounding in [Rounding::Floor, Rounding::Ceil] {
                        let window = Window { kernel, stride, padding, dilation, rounding };
                        if !windows(width, &window).is_empty() && !windows(5, &window).is_empty() {
                            all.push([window; 2]);
                        }
                    }
                }
            }
        }
    }
    all
}

pub(crate) fn g23() {
    let mut case = Case::new();
    for width in [2, 3, 4] {
        let x = reals(48, -6.0, 6.0, &[1, 4, 5, width]);
        for windows in square_windows(width, &[1, 2]) {
            let (taps, paddings) = each(&x.shape, &windows);
            let values = pooled(&x, &taps, &paddings, |inside, _| largest(inside).0);
            let places = pooled(&x, &taps, &paddings, |inside, _| largest(inside).1 as f64);
            let low = x.map(|x| x - 30_000.0);
            let lowered = values.map(|x| x - 30_000.0);
            let own = x.clone();
            case.check(values, Bound::EXACT, move |e| Ok(e.secret(&own)?.max_pool(&windows)?));
            let own = x.clone();
            case.check(places.clone(), Bound::EXACT, move |e| {
                Ok(e.secret(&own)?.max_pool_with_indices(&windows)?.1)
            });
            case.repeat(lowered, Bound::EXACT, move |e| {
                Ok(e.secret(&low)?.max_pool_with_indices(&windows)?.0)
            });
        }
    }
    case.counting(6720, 29_788.988_403).run(&[2, 3]);
}

pub(crate) fn g24() {
    let mut case = Case::new();
    for width in [2, 3, 4] {
        let x = reals(49, -6.0, 6.0, &[1, 4, 5, width]);
        for windows in square_windows(width, &[1]) {
            let (taps, paddings) = each(&x.shape, &windows);
            for divisor in [Divisor::WithPadding, Divisor::WithoutPadding] {
                let want = pooled(&x, &taps, &paddings, |inside, padded| match divisor {
                    Divisor::WithPadding => average(inside, padded),
                    _ => average(inside, inside.len()),
                });
                let own = x.clone();
                case.check(want, FOUR, move |e| Ok(e.secret(&own)?.avg_pool(&windows, divisor)?));
            }
        }
    }
    case.counting(4264, 1_726.719_945).run(&[2, 3]);
}

/// Bins of nearly equal sizes: from floor(i n / k) to ceil((i + 1) n / k).
fn bins(size: usize, count: usize) -> Vec<Vec<isize>> {
    let bin = |i: usize| (i * size / count) as isize..((i + 1) * size).div_ceil(count) as isize;
    (0..count).map(|i| bin(i).collect()).collect()
}

fn adaptive(x: &Array, counts: &[usize], mean: bool) -> Array {
    let lead = x.shape.len() - counts.len();
    let each: Vec<_> = counts.iter().zip(&x.shape[lead..]).map(|(&k, &n)| bins(n, k)).collect();
    pooled(x, &each, &vec![0; counts.len()], |inside, _| match mean {
        true => average(inside, inside.len()),
        false => largest(inside).0,
    })
}

pub(crate) fn g25() {
    let mut case = Case::new();
    for side in 1..=10_usize {
        let x = reals(50, -6.0, 6.0, &[1, 2, side, side]);
        let line = x.select(2, &[0]).reshape(&[1, 2, side]);
        for k in 1..=side {
            let narrow = |n: usize| u32::try_from(n).unwrap();
            let mut pool = |x: &Array, counts: &[usize], mean: bool| {
                let want = adaptive(x, counts, mean);
                let sizes: Vec<u32> = counts.iter().map(|&n| narrow(n)).collect();
                let own = x.clone();
                let bound = if mean { FOUR } else { Bound::EXACT };
                case.check(want, bound, move |e| {
                    let x = e.secret(&own)?;
                    Ok(match mean {
                        true => x.adaptive_avg_pool(&sizes)?,
                        false => x.adaptive_max_pool(&sizes)?,
                    })
                });
            };
            pool(&x, &[k, k], true);
            pool(&x, &[k, k], false);
            pool(&x, &[side, k], true);
            pool(&line, &[k], true);
            pool(&line, &[k], false);
        }
    }
    case.counting(9130, 7_537.988_401).run(&[2, 3]);
}

pub(crate) fn g26() {
    let x = reals(51, -6.0, 6.0, &[2, 3, 9]);
    let y = reals(52, -6.0, 6.0, &[2, 2, 4, 5, 6]);
    let mut case = Case::new();
    let mut pool = |x: &Array, windows: Vec<Window>, mean: bool| {
        let (taps, paddings) = each(&x.shape, &windows);
        let want = pooled(x, &taps, &paddings, |inside, padded| match mean {
            true => average(inside, padded),
            false => largest(inside).0,
        });
        let own = x.clone();
        case.check(want, if mean { FOUR } else { Bound::EXACT }, move |e| {
            let x = e.secret(&own)?;
            Ok(match mean {
                true => x.avg_pool(&windows, Divisor::WithPadding)?,
                false => x.max_pool(&windows)?,
            })
        });
    };
    for mean in [false, true] {
        pool(&x, vec![Window::new(3).stride(2).padding(1)], mean);
        pool(&y, vec![Window::new(2); 3], mean);
    }
    let window = |kernel, stride| Window::new(kernel).stride(stride).padding(1);
    pool(&y, vec![window(2, 1), window(3, 2), window(2, 2)], false);
    let own = y.clone();
    case.check(adaptive(&y, &[2, 2, 3], true), FOUR, move |e| {
        Ok(e.secret(&own)?.adaptive_avg_pool(&[2, 2, 3])?)
    });
    case.counting(444, 1_309.295_707).run(&[2, 3]);
}
