//! The key that the invited share.

use cryptab_wire::Invite;
use zeroize::Zeroizing;

/// The pre-shared key of channels between the parties of a room.
///
/// `BLAKE3-derive-key(context, version ‖ room ‖ secret)`; the secret comes last, so that nothing
/// needs a length.
#[must_use]
pub fn pair_psk(invite: &Invite) -> Zeroizing<[u8; 32]> {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    hasher.update(&[invite.version]).update(&invite.room).update(invite.secret.as_bytes());
    Zeroizing::new(hasher.finalize().into())
}

const CONTEXT: &str = "cryptab v1 pre-shared key of a room's channels";

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use cryptab_wire::{Invite, Secret};

    use super::pair_psk;

    #[test]
    fn every_part_counts() {
        let invite = Invite {
            version: 1,
            room: [1; 16],
            secret: Secret::from([2; 16]),
            dealer_key: [3; 32],
            parties: 2,
            program: "photo".into(),
            expires: 0,
            dealer_url: None,
            ownership: None,
        };
        let psk = pair_psk(&invite);
        assert_eq!(psk, pair_psk(&invite.clone()));
        assert_ne!(psk, pair_psk(&Invite { version: 2, ..invite.clone() }));
        assert_ne!(psk, pair_psk(&Invite { room: [4; 16], ..invite.clone() }));
        assert_ne!(psk, pair_psk(&Invite { secret: Secret::from([2; 32]), ..invite }));
    }
}
