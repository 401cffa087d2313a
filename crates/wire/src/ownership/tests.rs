use crate::{
    Admission, Charter, Grant, Order, Owner, PassError, Role, SignedOrder, Ticket, TokenId, control,
};

const NOW: u64 = 1_800_000_000;
const GRANT: Grant = Grant { role: Some(Role::Adjust), slot: None, expires: NOW + 60 };

fn owner() -> Owner {
    Owner::from_secret(&[1; 32])
}

fn charter() -> Charter {
    let owner = owner().key();
    Charter { owner, admission: Admission::Token, parties: 3, expires: NOW + 3600 }
}

fn ticket() -> Ticket {
    owner().invite(&charter(), [2; 16], GRANT)
}

#[test]
fn whoever_has_a_ticket_comes_in_as_itself_alone() {
    let pass = ticket().pass(charter().room(), [5; 16]);
    assert_eq!(pass.check(&charter(), &[5; 16], NOW), Ok(()));
    assert_eq!(pass.check(&charter(), &[6; 16], NOW), Err(PassError::NotTheirs));
    assert_eq!(pass.check(&charter(), &[5; 16], NOW + 60), Err(PassError::Expired));
}

#[test]
fn a_token_counts_in_one_room_of_one_owner_only() {
    let pass = ticket().pass(charter().room(), [5; 16]);
    let stranger = Owner::from_secret(&[9; 32]);
    for other in [
        Charter { owner: stranger.key(), ..charter() },
        Charter { admission: Admission::Link, ..charter() },
        Charter { parties: 2, ..charter() },
        Charter { expires: NOW + 3601, ..charter() },
    ] {
        assert_ne!(other.room(), charter().room());
        assert_eq!(pass.check(&other, &[5; 16], NOW), Err(PassError::NotGenuine));
    }
    let forged = stranger.invite(&charter(), [2; 16], GRANT).pass(charter().room(), [5; 16]);
    assert_eq!(forged.check(&charter(), &[5; 16], NOW), Err(PassError::NotGenuine));
    let elsewhere = ticket().pass([0; 16], [5; 16]);
    assert_eq!(elsewhere.check(&charter(), &[5; 16], NOW), Err(PassError::NotTheirs));
}

#[test]
fn what_a_token_allows_cannot_be_changed() {
    for grant in [
        Grant { role: Some(Role::Photo), ..GRANT },
        Grant { role: None, ..GRANT },
        Grant { slot: Some(0), ..GRANT },
        Grant { expires: u64::MAX, ..GRANT },
    ] {
        let changed = Ticket { grant, ..ticket() };
        assert!(!changed.token().is_genuine(&charter()), "{grant:?}");
    }
    assert!(ticket().token().is_genuine(&charter()));
}

#[test]
fn any_flipped_bit_of_a_pass_is_found() {
    let bytes = control::encode(&ticket().pass(charter().room(), [5; 16]));
    for at in 0..bytes.len() * 8 {
        let mut bad = bytes.clone();
        bad[at / 8] ^= 1 << (at % 8);
        let Ok(pass) = control::decode::<crate::Pass>(&bad, 200) else { continue };
        assert!(pass.check(&charter(), &[5; 16], NOW).is_err(), "bit {at}");
    }
}

#[test]
fn any_flipped_bit_of_an_order_is_found() {
    for order in [Order::Close, Order::Revoke(ticket().token().id())] {
        let bytes = control::encode(&owner().order(&charter(), order));
        for at in 0..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[at / 8] ^= 1 << (at % 8);
            let Ok(order) = control::decode::<SignedOrder>(&bad, 200) else { continue };
            assert!(!order.is_genuine(&charter()), "bit {at}");
        }
    }
}

#[test]
fn an_order_counts_in_its_room_only() {
    let close = owner().order(&charter(), Order::Close);
    assert!(close.is_genuine(&charter()));
    // The same owner's other room, and somebody else's.
    assert!(!close.is_genuine(&Charter { expires: NOW, ..charter() }));
    let stranger = Owner::from_secret(&[9; 32]);
    assert!(!stranger.order(&charter(), Order::Close).is_genuine(&charter()));
    assert!(!close.is_genuine(&Charter { owner: stranger.key(), ..charter() }));
}

#[test]
fn tokens_have_names() {
    let id = ticket().token().id();
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_ne!(owner().invite(&charter(), [3; 16], GRANT).token().id(), id);
    assert_eq!("00000000000000ff".parse(), Ok(TokenId([0, 0, 0, 0, 0, 0, 0, 255])));
    for bad in ["", "ff", "+0000000000000ff", "00000000000000fg", "00000000000000ff0"] {
        assert!(bad.parse::<TokenId>().is_err(), "{bad}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let shown = format!("{:?} {:?}", owner(), ticket());
    assert!(shown.contains("Secret(..)"), "{shown}");
    assert!(!shown.contains("1, 1, 1, 1") && !shown.contains("2, 2, 2, 2"), "{shown}");
    assert_eq!(*Owner::from_secret(&owner().secret()).secret(), [1; 32]);
}
