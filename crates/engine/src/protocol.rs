//! The protocols: every operation as a plain function that records its steps.
//!
//! Semi-honest parties, any N - 1 of them may collude, but not with the dealer, which is honest.
//! Channels between parties are private and authenticated, against the dealer too. Not covered:
//! parties that deviate, traffic and timing. Values outside declared ranges give wrong results.

pub(crate) mod adder;
pub(crate) mod binary;
pub(crate) mod boolean;
pub(crate) mod carry;
pub(crate) mod compare;
pub(crate) mod convert;
pub(crate) mod cosine;
pub(crate) mod exponential;
pub(crate) mod extremum;
pub(crate) mod index;
pub(crate) mod input;
pub(crate) mod inverse;
pub(crate) mod linear;
pub(crate) mod mean;
pub(crate) mod merge;
pub(crate) mod multiply;
pub(crate) mod nodes;
pub(crate) mod normalise;
pub(crate) mod order;
pub(crate) mod pooling;
pub(crate) mod power;
pub(crate) mod quantize;
pub(crate) mod reveal;
pub(crate) mod round;
pub(crate) mod saturate;
pub(crate) mod select;
pub(crate) mod shuffle;
pub(crate) mod smooth;
pub(crate) mod softmax;
pub(crate) mod truncate;
pub(crate) mod wave;
