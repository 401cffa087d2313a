use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::known::elements;
use crate::nesting::Level;
use crate::{Address, AndNode, Error, Known, Result};

/// Planes of bits that the dealer knows: an expression over masks.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(remote = "Self")]
pub enum KnownBits {
    /// Uniform bits: the xor of all parties' streams at `address`.
    Mask {
        /// Where the streams are read.
        address: Address,
        /// Bits of a plane.
        len: u64,
        /// Planes.
        planes: u32,
    },
    /// Zero everywhere: its shares re-randomise other shares.
    Zero {
        /// Bits of a plane.
        len: u64,
        /// Planes.
        planes: u32,
    },
    /// Bits `low .. low + count` of every element, a plane each.
    OfRing(Arc<Known>, u8, u8),
    /// For every block of the element's low bits (widths given, least significant first) its
    /// one-hot word without the last position: `2^width - 1` planes a block.
    OneHot(Arc<Known>, Vec<u8>),
    /// The monomials of the masks of the variables of these nodes, node after node.
    Monomials(Arc<Self>, Vec<AndNode>),
    /// The xor of two.
    Xor(Arc<Self>, Arc<Self>),
}

/// The widest block of a one-hot table.
pub(crate) const MAX_BLOCK: u8 = 8;

impl KnownBits {
    /// Bits of a plane, and planes.
    ///
    /// # Errors
    /// If the expression does not fit together.
    pub fn dimensions(&self) -> Result<(usize, usize)> {
        match self {
            Self::Mask { len, planes, .. } | Self::Zero { len, planes } => {
                served(*len, *planes as usize)
            }
            Self::OfRing(known, low, count) => {
                meaningful(u32::from(*low) + u32::from(*count) <= 64, "bits of a 64-bit number")?;
                served(elements(&known.shape()?)? as u64, usize::from(*count))
            }
            Self::OneHot(known, blocks) => {
                let total: u32 = blocks.iter().map(|&width| u32::from(width)).sum();
                let widths = blocks.iter().all(|&width| (1..=MAX_BLOCK).contains(&width));
                meaningful(widths && total <= 64, "blocks of 1 to 8 bits, 64 in all")?;
                let planes = blocks.iter().map(|&width| (1 << width) - 1).sum();
                served(elements(&known.shape()?)? as u64, planes)
            }
            Self::Monomials(variables, nodes) => {
                let (len, planes) = variables.dimensions()?;
                meaningful(nodes.iter().all(|node| node.is_served()), "a fan-in of 9 at most")?;
                let needed: usize = nodes.iter().map(|node| node.variables()).sum();
                meaningful(needed == planes, "one mask per variable")?;
                served(len as u64, nodes.iter().map(|node| node.monomial_count()).sum())
            }
            Self::Xor(a, b) => {
                let dimensions = a.dimensions()?;
                meaningful(dimensions == b.dimensions()?, "xor of equal dimensions")?;
                Ok(dimensions)
            }
        }
    }

    /// How many expressions this one is made of, itself included.
    #[must_use]
    pub fn size(&self) -> usize {
        1 + match self {
            Self::Mask { .. } | Self::Zero { .. } => 0,
            Self::OfRing(known, ..) | Self::OneHot(known, _) => known.size(),
            Self::Monomials(variables, _) => variables.size(),
            Self::Xor(a, b) => a.size() + b.size(),
        }
    }
}

impl<'de> Deserialize<'de> for KnownBits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let _level = Level::enter()?;
        Self::deserialize(deserializer)
    }
}

impl Serialize for KnownBits {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

fn meaningful(holds: bool, reason: &'static str) -> Result<()> {
    holds.then_some(()).ok_or(Error::Meaningless { reason })
}

/// Refuses more words than a request may hold.
fn served(len: u64, planes: usize) -> Result<(usize, usize)> {
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    elements(&[len.div_ceil(64), planes])?;
    elements(&[len]).map(|len| (len, planes))
}
