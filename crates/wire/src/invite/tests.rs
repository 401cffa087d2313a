use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

use super::{CHECKSUM, Invite, InviteError, MAX_FRAGMENT, Secret, checksum};
use crate::control::{self, DecodeError};
use crate::{Admission, Charter, Grant, Owner, Ownership, Role};

fn invite() -> Invite {
    Invite {
        version: 1,
        room: [3; 16],
        secret: Secret::from([0xab; 16]),
        dealer_key: [9; 32],
        parties: 3,
        program: "photo".into(),
        expires: 1_800_000_000,
        dealer_url: Some("/dealer".into()),
        ownership: None,
    }
}

/// The invite as its owner hands it to one person.
fn personal(grant: Grant) -> Invite {
    let owner = Owner::from_secret(&[7; 32]);
    let Invite { parties, expires, .. } = invite();
    let charter = Charter { owner: owner.key(), admission: Admission::Token, parties, expires };
    let ticket = owner.invite(&charter, [0xab; 16], grant);
    let ownership = Ownership { owner: owner.key(), ticket: Some(ticket) };
    Invite { room: charter.room(), ownership: Some(ownership), ..invite() }
}

const GRANT: Grant = Grant { role: Some(Role::Photo), slot: Some(2), expires: u64::MAX };

fn link_of(body: &[u8]) -> String {
    let bytes = [body, &checksum(body)].concat();
    format!("https://a.example/#{}", URL_SAFE_NO_PAD.encode(bytes))
}

#[test]
fn a_link_survives_the_way() {
    let link = invite().link("https://a.example/");
    assert!(link.starts_with("https://a.example/#"), "{link}");
    assert_eq!(Invite::from_link(&link), Ok(invite()));
    assert_eq!(Invite::from_link(&format!("  {link}\n")), Ok(invite()));
    let fragment = &link["https://a.example/".len()..];
    assert_eq!(Invite::from_link(fragment), Ok(invite()));
}

#[test]
fn everything_is_in_the_fragment() {
    let link = invite().link("https://a.example");
    assert_eq!(link.split_once('#').unwrap().0, "https://a.example/");
}

#[test]
fn what_is_no_link_is_refused() {
    for text in ["", "photo", "https://a.example/", "https://a.example/#", "https://a.example/#a b"]
    {
        assert_eq!(Invite::from_link(text), Err(InviteError::NotALink), "{text:?}");
    }
}

#[test]
fn a_link_cut_anywhere_is_refused() {
    let link = invite().link("https://a.example");
    for end in 0..link.len() {
        assert!(Invite::from_link(&link[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_changed_character_is_refused() {
    let link = invite().link("https://a.example");
    let start = link.find('#').unwrap() + 1;
    for at in start..link.len() {
        let other = if link.as_bytes()[at] == b'A' { "B" } else { "A" };
        let changed = format!("{}{other}{}", &link[..at], &link[at + 1..]);
        assert!(Invite::from_link(&changed).is_err(), "changed at {at}");
    }
}

#[test]
fn a_wrong_checksum_is_named() {
    let mut bytes = control::encode(&invite());
    bytes.extend_from_slice(&[0; CHECKSUM]);
    let link = format!("#{}", URL_SAFE_NO_PAD.encode(bytes));
    assert_eq!(Invite::from_link(&link), Err(InviteError::Checksum));
}

#[test]
fn another_version_is_named() {
    let mut body = control::encode(&invite());
    body[0] = 2;
    assert_eq!(Invite::from_link(&link_of(&body)), Err(InviteError::Version { found: 2 }));
}

#[test]
fn trailing_bytes_are_refused() {
    let mut body = control::encode(&invite());
    body.push(0);
    assert_eq!(
        Invite::from_link(&link_of(&body)),
        Err(InviteError::Malformed(DecodeError::Trailing { left: 1 }))
    );
}

#[test]
fn a_short_body_is_refused() {
    let body = control::encode(&invite());
    for end in 0..body.len() {
        assert!(
            matches!(Invite::from_link(&link_of(&body[..end])), Err(InviteError::Malformed(_))),
            "body of {end} bytes"
        );
    }
}

#[test]
fn an_overlong_fragment_is_refused_before_decoding() {
    let link = format!("#{}", "A".repeat(MAX_FRAGMENT + 1));
    assert!(matches!(Invite::from_link(&link), Err(InviteError::TooLong { .. })));
}

#[test]
fn the_longest_invite_fits_exactly() {
    let longest = Invite {
        secret: Secret::from([1; 32]),
        program: "a".repeat(32),
        expires: u64::MAX,
        dealer_url: Some(format!("/{}", "a".repeat(255))),
        ..personal(GRANT)
    };
    let link = longest.link("");
    // The secret of a ticket made here has 16 bytes, and may have 32.
    let body = MAX_FRAGMENT * 3 / 4 - 16;
    assert_eq!(link.len() - "/#".len(), (body * 4).div_ceil(3));
    assert!(longest.validated().is_err(), "the room's name is a hash of its end");
    let full = Invite {
        secret: Secret::from([1; 32]),
        program: "a".repeat(32),
        dealer_url: Some(format!("/{}", "a".repeat(255))),
        ..personal(GRANT)
    };
    assert_eq!(Invite::from_link(&full.link("")), Ok(full));
}

#[test]
fn values_out_of_range_are_refused() {
    let bad = [
        Invite { parties: 1, ..invite() },
        Invite { parties: 9, ..invite() },
        Invite { program: String::new(), ..invite() },
        Invite { program: "a".repeat(33), ..invite() },
        Invite { program: "Photo!".into(), ..invite() },
        Invite { dealer_url: Some(String::new()), ..invite() },
        Invite { dealer_url: Some("//elsewhere".into()), ..invite() },
        Invite { dealer_url: Some("wss://".into()), ..invite() },
        Invite { dealer_url: Some("javascript:alert(1)".into()), ..invite() },
        Invite { dealer_url: Some("wss://a b".into()), ..invite() },
    ];
    for invite in bad {
        let error = Invite::from_link(&invite.link("")).unwrap_err();
        assert!(
            matches!(error, InviteError::Malformed(DecodeError::Range { .. })),
            "{invite:?}: {error:?}"
        );
    }
}

#[test]
fn a_short_secret_is_refused() {
    assert!(Secret::new(&[0; 15]).is_err());
    assert!(Secret::new(&[0; 33]).is_err());
    let mut body = control::encode(&invite());
    assert_eq!(body[17], 16);
    body[17] = 15;
    body.remove(18);
    assert!(matches!(Invite::from_link(&link_of(&body)), Err(InviteError::Malformed(_))));
}

#[test]
fn a_personal_link_survives_the_way() {
    let link = personal(GRANT).link("https://a.example");
    let found = Invite::from_link(&link).unwrap();
    assert_eq!(found, personal(GRANT));
    assert_eq!(found.ticket().unwrap().grant, GRANT);
    for cut in 1..link.len() - link.find('#').unwrap() {
        assert!(Invite::from_link(&link[..link.len() - cut]).is_err());
    }
}

#[test]
fn a_link_that_its_owner_did_not_make_is_refused() {
    let good = personal(GRANT);
    let strangers = Owner::from_secret(&[8; 32]).key();
    let ownership = good.ownership.clone().unwrap();
    let mut other_role = good.clone();
    other_role.ownership.as_mut().unwrap().ticket.as_mut().unwrap().grant.role = None;
    let mut later = good.clone();
    later.ownership.as_mut().unwrap().ticket.as_mut().unwrap().grant.expires -= 1;
    let owned = |ownership| Invite { ownership: Some(ownership), ..good.clone() };
    for bad in [
        Invite { room: [3; 16], ..good.clone() },
        Invite { parties: 4, ..good.clone() },
        Invite { expires: good.expires + 1, ..good.clone() },
        owned(Ownership { owner: strangers, ..ownership.clone() }),
        // The door cannot be opened for all by leaving the token away.
        owned(Ownership { ticket: None, ..ownership }),
        personal(Grant { slot: Some(3), ..GRANT }),
        other_role,
        later,
    ] {
        let error = Invite::from_link(&bad.link("")).unwrap_err();
        assert!(
            matches!(error, InviteError::Malformed(DecodeError::Range { .. })),
            "{bad:?}: {error:?}"
        );
    }
}

#[test]
fn a_personal_invite_expires_by_itself() {
    let early = personal(Grant { expires: 1_700_000_000, ..GRANT });
    assert!(early.expired(1_700_000_000) && !early.expired(1_699_999_999));
    assert_eq!(personal(GRANT).end(), invite().expires);
}

#[test]
fn an_invite_expires() {
    assert!(!invite().expired(1_799_999_999));
    assert!(invite().expired(1_800_000_000));
}

#[test]
fn debug_hides_the_secret() {
    let shown = format!("{:?} {:#?} {:?}", invite(), invite(), personal(GRANT));
    assert!(shown.contains("Secret(..)"));
    // 0xab is 171
    assert!(!shown.contains("171") && !shown.to_lowercase().contains("ab, ab"));
}

proptest! {
    #[test]
    fn any_text_is_parsed_without_panic(text in "\\PC{0,300}") {
        let _ = Invite::from_link(&format!("#{text}"));
    }

    #[test]
    fn any_body_is_parsed_without_panic(mut body in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Some(first) = body.first_mut() {
            *first = 1;
        }
        if let Ok(invite) = Invite::from_link(&link_of(&body)) {
            prop_assert_eq!(control::encode(&invite), body);
        }
    }
}
