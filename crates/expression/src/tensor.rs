//! Tensors, secret or public, and what moves their elements: that is the same for both.

mod public;

use cryptab_engine::{PadMode, Secret, Slice};

pub use public::{Kind, Public};

use crate::error::Complaint;

/// A tensor, secret or public.
#[derive(Clone, Debug)]
pub enum Tensor {
    /// Nobody knows the elements.
    Secret(Secret),
    /// Everybody knows the elements.
    Public(Public),
}

type Moved = Result<Tensor, Complaint>;

impl Tensor {
    /// Sizes of the axes.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::Secret(secret) => secret.shape(),
            Self::Public(public) => public.shape(),
        }
    }

    pub(crate) fn rank(&self) -> usize {
        self.shape().len()
    }

    pub(crate) fn len(&self) -> usize {
        self.shape().iter().product()
    }

    /// The same elements in another shape of as many.
    pub(crate) fn reshape(&self, shape: &[usize]) -> Moved {
        if shape.iter().product::<usize>() != self.len() {
            let reason = format!("{:?} has not as many elements as {shape:?}", self.shape());
            return Err(Complaint::new(reason));
        }
        Ok(match self {
            Self::Secret(secret) => Self::Secret(secret.reshape(shape)?),
            Self::Public(public) => Self::Public(public.reshape(shape)),
        })
    }

    /// The axes in another order; `axes` names each once.
    pub(crate) fn permute(&self, axes: &[usize]) -> Moved {
        Ok(match self {
            Self::Secret(secret) => Self::Secret(secret.permute(axes)?),
            Self::Public(public) => Self::Public(public.permute(axes)),
        })
    }

    /// A range of every axis.
    pub(crate) fn slice(&self, ranges: &[Slice]) -> Moved {
        Ok(match self {
            Self::Secret(secret) => Self::Secret(secret.slice(ranges)?),
            Self::Public(public) => Self::Public(public.slice(ranges)),
        })
    }

    /// Repeated along axes of size 1 and new leading axes.
    pub(crate) fn broadcast_to(&self, shape: &[usize]) -> Moved {
        let fits = cryptab_tensor::broadcast_shape(self.shape(), shape);
        if fits.is_ok_and(|fitting| fitting == shape) {
            return Ok(match self {
                Self::Secret(secret) => Self::Secret(secret.broadcast_to(shape)?),
                Self::Public(public) => Self::Public(public.broadcast_to(shape)),
            });
        }
        let reason = format!("{:?} does not broadcast to {shape:?}", self.shape());
        Err(Complaint::new(reason))
    }

    /// Zeros before and after each axis, or the nearest element.
    pub(crate) fn pad(&self, widths: &[(usize, usize)], mode: PadMode) -> Moved {
        Ok(match self {
            Self::Secret(secret) => Self::Secret(secret.pad(widths, mode)?),
            Self::Public(public) => Self::Public(public.pad(widths, mode)),
        })
    }

    /// Joined along an axis. The parts are all public or all secret.
    pub(crate) fn concat(parts: &[Self], axis: usize) -> Moved {
        let first = parts.first().ok_or_else(|| Complaint::new("there is nothing to join"))?;
        for part in parts {
            let (a, b) = (first.shape(), part.shape());
            let fits = a.len() == b.len() && (0..a.len()).all(|i| i == axis || a[i] == b[i]);
            if !fits {
                let reason = format!("shapes {a:?} and {b:?} do not join along axis {axis}");
                return Err(Complaint::new(reason));
            }
        }
        let secrets = parts.iter().map(|part| match part {
            Self::Secret(secret) => Some(secret.clone()),
            Self::Public(_) => None,
        });
        if let Some(secrets) = secrets.collect::<Option<Vec<Secret>>>() {
            return Ok(Self::Secret(Secret::concat(&secrets, axis)?));
        }
        let publics = parts.iter().map(|part| match part {
            Self::Public(public) => Some(public),
            Self::Secret(_) => None,
        });
        let publics: Option<Vec<&Public>> = publics.collect();
        let publics = publics.ok_or_else(|| Complaint::new("secret and public parts are mixed"))?;
        Ok(Self::Public(Public::concat(&publics, axis)))
    }

    /// `size` positions of one axis, from `start` on, every `step`-th.
    pub(crate) fn part(&self, axis: usize, slice: Slice) -> Moved {
        let whole = |&size: &usize| Slice::range(0, size);
        let mut ranges: Vec<Slice> = self.shape().iter().map(whole).collect();
        ranges[axis] = slice;
        self.slice(&ranges)
    }

    /// The positions `index` of one axis, in that order.
    pub(crate) fn select(&self, axis: usize, index: &[usize]) -> Moved {
        if let Self::Secret(secret) = self {
            return Ok(Self::Secret(secret.index_select(axis, index)?));
        }
        let mut runs: Vec<Slice> = Vec::new();
        for &at in index {
            match runs.last_mut() {
                Some(run) if run.end == at => run.end += 1,
                _ => runs.push(Slice::range(at, at + 1)),
            }
        }
        if runs.is_empty() {
            return self.part(axis, Slice::range(0, 0));
        }
        let parts = runs.into_iter().map(|run| self.part(axis, run));
        let parts = parts.collect::<Result<Vec<Self>, _>>()?;
        if parts.len() == 1 { Ok(parts[0].clone()) } else { Self::concat(&parts, axis) }
    }
}
