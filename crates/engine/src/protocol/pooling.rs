//! Windows over the last axes as candidates in rows.

use cryptab_correlation::Structure;
use cryptab_tensor::Tensor;

use super::extremum::Sizes;
use crate::window::Taps;

/// Elements under windows over the last axes, one row per element of a window.
pub(crate) struct Patches {
    /// From the original shape to `[rows, columns]`.
    pub(crate) structures: Vec<Structure>,
    pub(crate) sizes: Sizes,
    /// Shape of a result: an element per window.
    pub(crate) shape: Vec<usize>,
    /// Per axis, per element of a window, per window: the position on the axis.
    taps: Vec<Vec<Vec<usize>>>,
    /// Sizes of the windowed axes.
    extents: Vec<usize>,
}

impl Patches {
    /// Windows over the last axes of `shape`; missing elements repeat the nearest of a window.
    ///
    /// `None` if a window has no element at all.
    pub(crate) fn of(shape: &[usize], taps: &[Taps]) -> Option<Self> {
        let first = shape.len() - taps.len();
        let (batch, extents) = shape.split_at(first);
        let by_tap = |taps: &Taps| {
            let windows = taps.repeated()?;
            let tap = |i: usize| windows.iter().map(|window| window[i]).collect();
            Some((0..taps.kernel()).map(tap).collect())
        };
        let positions: Vec<Vec<Vec<usize>>> = taps.iter().map(by_tap).collect::<Option<_>>()?;
        let mut structures = Vec::new();
        // [batch.., kernel, outputs, kernel, outputs, ..]
        let mut sizes: Vec<usize> = batch.to_vec();
        for (axis, taps) in taps.iter().enumerate() {
            structures.push(Structure::take(first + axis, &positions[axis].concat()));
            sizes.extend([taps.kernel(), taps.outputs()]);
        }
        structures.push(Structure::Reshape(sizes.iter().map(|&size| size as u64).collect()));
        let kernels = (0..taps.len()).map(|axis| first + 2 * axis);
        let outputs = (0..taps.len()).map(|axis| first + 2 * axis + 1);
        let order: Vec<usize> = kernels.chain(0..first).chain(outputs).collect();
        let axis_number = |&axis: &usize| u32::try_from(axis).expect("few axes");
        structures.push(Structure::Permute(order.iter().map(axis_number).collect()));
        let rows = taps.iter().map(Taps::kernel).product();
        let shape: Vec<usize> =
            batch.iter().copied().chain(taps.iter().map(Taps::outputs)).collect();
        let columns = shape.iter().product();
        structures.push(Structure::Reshape(vec![rows as u64, columns as u64]));
        let sizes = Sizes { rows, columns };
        Some(Self { structures, sizes, shape, taps: positions, extents: extents.to_vec() })
    }

    /// Where each element is within the windowed axes, row by row: `[rows, columns]`.
    pub(crate) fn positions(&self) -> Tensor {
        let Sizes { rows, columns } = self.sizes;
        let outputs: Vec<usize> = self.taps.iter().map(|taps| taps[0].len()).collect();
        let windows: usize = outputs.iter().product();
        let mut all = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            let mut of_row = vec![0_u64; 1];
            let mut stride = rows;
            for (axis, taps) in self.taps.iter().enumerate() {
                stride /= taps.len();
                let taps = &taps[row / stride % taps.len()];
                let size = self.extents[axis] as u64;
                of_row = of_row
                    .iter()
                    .flat_map(|&before| taps.iter().map(move |&at| before * size + at as u64))
                    .collect();
            }
            for _ in 0..columns.checked_div(windows).unwrap_or(0) {
                all.extend_from_slice(&of_row);
            }
        }
        Tensor::from_vec(&[rows, columns], all).expect("a position per element")
    }

    /// Positions are below this.
    pub(crate) fn area(&self) -> usize {
        self.extents.iter().product()
    }
}
