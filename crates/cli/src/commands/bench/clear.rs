//! The results in the clear, in f64.

use ndarray::{ArrayD, ArrayView2, Ix2};

type Numbers = ArrayD<f64>;

pub(crate) fn same(x: &[Numbers]) -> Vec<f64> {
    each(x, |x| x)
}

pub(crate) fn square(x: &[Numbers]) -> Vec<f64> {
    each(x, |x| x * x)
}

pub(crate) fn relu(x: &[Numbers]) -> Vec<f64> {
    each(x, |x| x.max(0.0))
}

pub(crate) fn abs(x: &[Numbers]) -> Vec<f64> {
    each(x, f64::abs)
}

pub(crate) fn exp(x: &[Numbers]) -> Vec<f64> {
    each(x, f64::exp)
}

pub(crate) fn log(x: &[Numbers]) -> Vec<f64> {
    each(x, f64::ln)
}

pub(crate) fn reciprocal(x: &[Numbers]) -> Vec<f64> {
    each(x, f64::recip)
}

pub(crate) fn sqrt(x: &[Numbers]) -> Vec<f64> {
    each(x, f64::sqrt)
}

pub(crate) fn rsqrt(x: &[Numbers]) -> Vec<f64> {
    each(x, |x| x.sqrt().recip())
}

pub(crate) fn sigmoid(x: &[Numbers]) -> Vec<f64> {
    each(x, |x| (1.0 + (-x).exp()).recip())
}

pub(crate) fn tanh(x: &[Numbers]) -> Vec<f64> {
    each(x, f64::tanh)
}

pub(crate) fn erf(x: &[Numbers]) -> Vec<f64> {
    each(x, libm::erf)
}

pub(crate) fn cos(x: &[Numbers]) -> Vec<f64> {
    each(x, f64::cos)
}

pub(crate) fn add(x: &[Numbers]) -> Vec<f64> {
    pairs(x, |x, y| x + y)
}

pub(crate) fn mul(x: &[Numbers]) -> Vec<f64> {
    pairs(x, |x, y| x * y)
}

pub(crate) fn lt(x: &[Numbers]) -> Vec<f64> {
    pairs(x, |x, y| if x < y { 1.0 } else { 0.0 })
}

pub(crate) fn eq(x: &[Numbers]) -> Vec<f64> {
    pairs(x, |x, y| if x == y { 1.0 } else { 0.0 })
}

pub(crate) fn matmul(x: &[Numbers]) -> Vec<f64> {
    matrix(&x[0]).dot(&matrix(&x[1])).into_raw_vec_and_offset().0
}

pub(crate) fn max(x: &[Numbers]) -> Vec<f64> {
    rows(&x[0], |row| vec![row[argmax_of(row)]])
}

pub(crate) fn argmax(x: &[Numbers]) -> Vec<f64> {
    rows(&x[0], |row| vec![index(argmax_of(row))])
}

pub(crate) fn softmax(x: &[Numbers]) -> Vec<f64> {
    rows(&x[0], |row| {
        let powers: Vec<f64> = row.iter().map(|x| (x - row[argmax_of(row)]).exp()).collect();
        let sum: f64 = powers.iter().sum();
        powers.into_iter().map(|power| power / sum).collect()
    })
}

/// The convolution of `[1, c, h, w]` with `[o, c, 3, 3]`, padded by one.
pub(crate) fn conv(x: &[Numbers]) -> Vec<f64> {
    let filters = &x[1];
    let (height, width) = (x[0].shape()[2], x[0].shape()[3]);
    let image = x[0].as_slice().unwrap_or_default();
    let mut result = Vec::with_capacity(filters.shape()[0] * height * width);
    for filter in filters.outer_iter() {
        let mut plane = vec![0.0; height * width];
        for (tap, weight) in filter.indexed_iter() {
            let (channel, dy, dx) = (tap[0], tap[1], tap[2]);
            let source = &image[channel * height * width..][..height * width];
            // Rows and columns of the result whose neighbour at this tap is within the image.
            let (left, right) = (1_usize.saturating_sub(dx), (width + 1 - dx).min(width));
            for row in 1_usize.saturating_sub(dy)..(height + 1 - dy).min(height) {
                let from = (row + dy - 1) * width;
                let taken = &source[from + left + dx - 1..from + right + dx - 1];
                let out = &mut plane[row * width + left..row * width + right];
                out.iter_mut().zip(taken).for_each(|(sum, value)| *sum += weight * value);
            }
        }
        result.extend(plane);
    }
    result
}

/// The largest of every 2x2 square of `[1, c, h, w]`.
pub(crate) fn pool(x: &[Numbers]) -> Vec<f64> {
    let (channels, height, width) = (x[0].shape()[1], x[0].shape()[2], x[0].shape()[3]);
    let at = |channel: usize, row: usize, column: usize| x[0][[0, channel, row, column]];
    let mut result = Vec::with_capacity(channels * (height / 2) * (width / 2));
    for channel in 0..channels {
        for row in (0..height - height % 2).step_by(2) {
            for column in (0..width - width % 2).step_by(2) {
                let above = at(channel, row, column).max(at(channel, row, column + 1));
                let below = at(channel, row + 1, column).max(at(channel, row + 1, column + 1));
                result.push(above.max(below));
            }
        }
    }
    result
}

fn each(x: &[Numbers], f: fn(f64) -> f64) -> Vec<f64> {
    x[0].iter().map(|x| f(*x)).collect()
}

fn pairs(x: &[Numbers], f: fn(f64, f64) -> f64) -> Vec<f64> {
    x[0].iter().zip(&x[1]).map(|(x, y)| f(*x, *y)).collect()
}

fn rows(x: &Numbers, f: fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    matrix(x).rows().into_iter().flat_map(|row| f(row.as_slice().unwrap_or_default())).collect()
}

fn matrix(x: &Numbers) -> ArrayView2<'_, f64> {
    x.view().into_dimensionality::<Ix2>().expect("matrices have two axes")
}

/// The first of the largest.
fn argmax_of(row: &[f64]) -> usize {
    (1..row.len()).fold(0, |best, at| if row[at] > row[best] { at } else { best })
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
const fn index(at: usize) -> f64 {
    at as f64
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, IxDyn};

    use super::*;

    fn counted(shape: &[usize]) -> ArrayD<f64> {
        let count = shape.iter().product();
        ArrayD::from_shape_vec(IxDyn(shape), (0..count).map(index).collect()).unwrap()
    }

    #[test]
    fn pools_take_the_last_of_rising_numbers() {
        let wanted = [6.0, 8.0, 16.0, 18.0];
        assert_eq!(pool(&[counted(&[1, 1, 5, 5])]), wanted);
    }

    #[test]
    fn a_convolution_is_its_sum() {
        let (image, filters) = (counted(&[1, 2, 3, 4]), counted(&[2, 2, 3, 3]));
        let mut wanted = Vec::new();
        for (o, y, x) in
            (0..2).flat_map(|o| (0..3).flat_map(move |y| (0..4).map(move |x| (o, y, x))))
        {
            let mut sum = 0.0;
            for (c, i, j) in
                (0..2).flat_map(|c| (0..3).flat_map(move |i| (0..3).map(move |j| (c, i, j))))
            {
                if (1..4).contains(&(y + i)) && (1..5).contains(&(x + j)) {
                    sum += image[[0, c, y + i - 1, x + j - 1]] * filters[[o, c, i, j]];
                }
            }
            wanted.push(sum);
        }
        assert_eq!(conv(&[image, filters]), wanted);
    }

    #[test]
    fn rows_are_apart() {
        let x = ArrayD::from_shape_vec(IxDyn(&[2, 2]), vec![1.0, 3.0, 5.0, 5.0]).unwrap();
        let two = [x.clone(), x];
        assert_eq!(max(&two[..1]), [3.0, 5.0]);
        assert_eq!(argmax(&two[..1]), [1.0, 0.0]);
        assert_eq!(softmax(&two[..1])[2..], [0.5, 0.5]);
        assert_eq!(matmul(&two), [16.0, 18.0, 30.0, 40.0]);
    }
}
