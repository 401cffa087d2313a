//! What tests begin with.

use cryptab_wire::{Invite, Secret};

/// An invite for two.
pub(crate) fn invite() -> Invite {
    Invite {
        version: 1,
        room: [1; 16],
        secret: Secret::from([2; 16]),
        dealer_key: [3; 32],
        parties: 2,
        program: "photo".into(),
        expires: 0,
        dealer_url: None,
        ownership: None,
    }
}
