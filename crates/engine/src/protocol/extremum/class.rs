//! How many candidates are put into groups that are compared within themselves.

use cryptab_correlation::Structure;

use super::Sizes;
use crate::protocol::linear;
use crate::recorder::Recorder;
use crate::value::Number;

/// Groups of one size, next to each other.
pub(super) struct Class {
    pub(super) start: usize,
    pub(super) size: usize,
    pub(super) groups: usize,
}

/// As few groups as there must be, of nearly equal sizes.
pub(super) fn classes(rows: usize, most: usize) -> Vec<Class> {
    let groups = rows.div_ceil(most);
    let (size, larger) = (rows / groups, rows % groups);
    let of = |start, size, groups| Class { start, size, groups };
    let classes = [of(0, size + 1, larger), of(larger * (size + 1), size, groups - larger)];
    classes.into_iter().filter(|class| class.groups > 0).collect()
}

impl Class {
    /// From `[rows, columns]` to `[size, groups * columns]`.
    pub(super) fn structures(&self, sizes: Sizes) -> Vec<Structure> {
        let columns = self.groups * sizes.columns;
        let reshape = Structure::Reshape(vec![self.size as u64, columns as u64]);
        let Self { start, size, groups } = *self;
        let positions: Vec<usize> =
            (0..size).flat_map(|k| (0..groups).map(move |g| start + g * size + k)).collect();
        match self.groups {
            1 if self.size == sizes.rows => Vec::new(),
            _ => vec![Structure::take(0, &positions), reshape],
        }
    }

    pub(super) fn group(&self, recorder: &Recorder<'_>, x: &Number, sizes: Sizes) -> Number {
        let arrange = |x: Number, structure: &Structure| linear::arrange(recorder, &x, structure);
        self.structures(sizes).iter().fold(x.alias(), arrange)
    }
}
