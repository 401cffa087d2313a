//! One file for each command.

pub(crate) mod bench;
pub(crate) mod dealer;
pub(crate) mod demo;
pub(crate) mod eval;
pub(crate) mod inspect;
pub(crate) mod join;
pub(crate) mod link;
pub(crate) mod people;
pub(crate) mod relay;
pub(crate) mod room;
pub(crate) mod serve;
