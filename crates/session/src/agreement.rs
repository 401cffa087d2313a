//! What all parties must agree on before they compute: the statement that the dealer gets, and
//! beyond it the roles and the number format.

use cryptab_engine::Format;
use cryptab_link::PublicKey;
use cryptab_wire::{DealerHello, Invite, Statement, VERSION};

use crate::Role;

/// A party as the agreement knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signatory {
    pub(crate) key: PublicKey,
    /// What the dealer knows it by.
    pub(crate) dealer_key: [u8; 32],
    pub(crate) role: Role,
    pub(crate) nonce: [u8; 32],
}

/// One session, as one party sees it.
#[derive(Clone, Debug)]
pub(crate) struct Agreement {
    statement: Statement,
    /// Name of the session; fresh because this party's nonce is.
    pub(crate) session: [u8; 32],
    /// Equal for all parties if and only if they agree.
    pub(crate) digest: [u8; 32],
}

impl Agreement {
    /// The agreement of these parties, in the order of their slots.
    pub(crate) fn new(invite: &Invite, signatories: &[Signatory], format: Format) -> Self {
        let statement = Statement {
            version: VERSION,
            room: invite.room,
            program: invite.program.clone(),
            parties: invite.parties,
            keys: signatories.iter().map(|party| party.dealer_key).collect(),
            nonces: signatories.iter().map(|party| party.nonce).collect(),
        };
        let session = statement.session_id(&invite.dealer_key);
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 agreement of the parties");
        hasher.update(&session).update(&[format.frac_bits, format.evaluator.code()]);
        for party in signatories {
            hasher.update(&[party.role.code()]).update(&party.key.0);
        }
        let digest = *hasher.finalize().as_bytes();
        Self { statement, session, digest }
    }

    /// What the party in slot `index` tells the dealer.
    pub(crate) fn dealer_hello(&self, index: u8) -> Vec<u8> {
        DealerHello { statement: self.statement.clone(), index }.encode()
    }
}

#[cfg(test)]
mod tests {
    use cryptab_engine::{Evaluator, Format};
    use cryptab_link::PublicKey;
    use cryptab_wire::{DealerHello, Invite};

    use super::{Agreement, Signatory};
    use crate::Role;
    use crate::fixtures::invite;

    fn parties() -> [Signatory; 2] {
        let party = |n, role| Signatory {
            key: PublicKey([n; 32]),
            dealer_key: [n + 10; 32],
            role,
            nonce: [n + 1; 32],
        };
        [party(4, Role::Photo), party(5, Role::Adjust)]
    }

    #[test]
    fn everything_counts() {
        let format = Format::default();
        let base = Agreement::new(&invite(), &parties(), format);
        assert_eq!(base.digest, Agreement::new(&invite(), &parties(), format).digest);
        let changed = |change: fn(&mut [Signatory; 2])| {
            let mut changed = parties();
            change(&mut changed);
            Agreement::new(&invite(), &changed, Format::default())
        };
        let others = [
            changed(|parties| parties[1].role = Role::Help),
            changed(|parties| parties[1].nonce[31] ^= 1),
            changed(|parties| parties[0].key.0[0] ^= 1),
            changed(|parties| parties[0].dealer_key[0] ^= 1),
            changed(|parties| parties.swap(0, 1)),
            Agreement::new(&invite(), &parties(), 12.into()),
            Agreement::new(
                &invite(),
                &parties(),
                Format { evaluator: Evaluator::Polynomial, ..format },
            ),
            Agreement::new(&Invite { dealer_key: [0; 32], ..invite() }, &parties(), format),
            Agreement::new(&Invite { program: "tensor".into(), ..invite() }, &parties(), format),
        ];
        for other in others {
            assert_ne!(base.digest, other.digest, "{other:?}");
        }
    }

    #[test]
    fn the_dealer_accepts_the_hello() {
        let hello = Agreement::new(&invite(), &parties(), Format::default()).dealer_hello(1);
        assert_eq!(DealerHello::decode(&hello).unwrap().index, 1);
    }
}
