//! Copies of strided views, in row-major order.

/// The elements `data[first + sum of index * stride]` for all indices below `shape`, in row-major order.
///
/// # Panics
/// When the view leaves the data.
pub(super) fn gather(data: &[u64], first: usize, shape: &[usize], strides: &[isize]) -> Vec<u64> {
    let mut out = Vec::with_capacity(shape.iter().product());
    if shape.contains(&0) {
        return out;
    }
    let mut axes = merge(shape, strides);
    let run = axes.pop().unwrap_or(Axis { size: 1, stride: 1 });
    let mut index = vec![0; axes.len()];
    let mut at = first;
    loop {
        match run.stride {
            1 => out.extend_from_slice(&data[at..at + run.size]),
            0 => out.resize(out.len() + run.size, data[at]),
            stride => out.extend(
                (0..run.size.cast_signed()).map(|i| data[at.wrapping_add_signed(i * stride)]),
            ),
        }
        // The next run: like an odometer, from the last axis on.
        let mut axis = axes.len();
        loop {
            let Some(next) = axis.checked_sub(1) else {
                return out;
            };
            axis = next;
            let Axis { size, stride } = axes[axis];
            index[axis] += 1;
            at = at.wrapping_add_signed(stride);
            if index[axis] < size {
                break;
            }
            index[axis] = 0;
            at = at.wrapping_add_signed(-stride * size.cast_signed());
        }
    }
}

#[derive(Clone, Copy)]
struct Axis {
    size: usize,
    stride: isize,
}

/// The axes without those of size 1, and neighbours that can be walked as one joined.
fn merge(shape: &[usize], strides: &[isize]) -> Vec<Axis> {
    let mut axes: Vec<Axis> = Vec::with_capacity(shape.len());
    for (&size, &stride) in shape.iter().zip(strides).filter(|(size, _)| **size != 1) {
        match axes.last_mut() {
            Some(last) if last.stride == stride * size.cast_signed() => {
                *last = Axis { size: last.size * size, stride };
            }
            _ => axes.push(Axis { size, stride }),
        }
    }
    axes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_walked_in_order() {
        let data: Vec<u64> = (0..24).collect();
        assert_eq!(gather(&data, 0, &[2, 3, 4], &[12, 4, 1]), data);
        assert_eq!(gather(&data, 5, &[2, 3], &[0, -2]), [5, 3, 1, 5, 3, 1]);
        assert_eq!(gather(&data, 1, &[2, 1, 2], &[4, 100, 0]), [1, 1, 5, 5]);
        assert_eq!(gather(&data, 7, &[], &[]), [7]);
        assert_eq!(gather(&[], 0, &[3, 0], &[1, 1]), []);
        assert_eq!(gather(&data, 2, &[2, 2], &[0, 0]), [2; 4]);
    }
}
