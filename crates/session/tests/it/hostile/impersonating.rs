//! A relay that speaks itself: with keys of its own, with another's, and with the invite.

use cryptab_session::{Fault, Format, Identity, Invite, Join, RevealPolicy, Role};
use cryptab_wire::Secret;

use super::{LONG, assert_heard_is_said, complaints};
use crate::world::{Party, World, invite, join};

/// A world that the relay has put someone into whom nobody invited: it holds `theirs`.
fn with_impostor(theirs: &Invite, seed: u64) -> World {
    let mut world = World::empty(2, "tensor", seed);
    world.come("alice", Role::Help);
    world.come_with(join(theirs, "bob", Role::Help));
    world.run();
    world
}

#[test]
fn without_the_secret_nobody_is_sealed_and_the_slot_is_named() {
    let good = invite(2, "tensor");
    for (seed, theirs) in (1..).zip([
        Invite { secret: Secret::from([0; 32]), ..good.clone() },
        Invite { secret: Secret::from([0xab; 16]), ..good.clone() },
        Invite { dealer_key: Identity::generate().unwrap().public().0, ..good.clone() },
        Invite { program: "photo".to_owned(), ..good.clone() },
    ]) {
        let world = with_impostor(&theirs, seed);
        let alice = &world.parties[0];
        assert!(!alice.is_ready() && alice.sealed_with() == 0);
        let failures = alice.failures();
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert_eq!(failures[0].fault(), Fault::Peer);
        let text = failures[0].to_string();
        assert!(text.starts_with("the party in slot "), "an impostor has no name: {text}");
    }
}

/// The version is in the invite, the relay's door and every handshake.
#[test]
fn an_earlier_version_is_not_spoken() {
    for version in [0, 2, 255] {
        let world = with_impostor(&Invite { version, ..invite(2, "tensor") }, 1);
        assert!(world.parties.iter().all(|party| !party.is_ready() && party.sealed_with() == 0));
        assert_eq!(complaints(&world.parties[0]).len(), 1);
    }
}

#[test]
fn another_number_format_is_not_computed_with() {
    let mut world = World::empty(2, "tensor", 1);
    world.come("alice", Role::Help);
    let coarse = Join { format: Format::from(4), ..join(&invite(2, "tensor"), "bob", Role::Help) };
    world.come_with(coarse);
    world.run();
    assert!(!world.parties.iter().any(Party::is_ready));
    for party in &world.parties {
        assert!(!party.failures().is_empty(), "both learn it");
    }
}

/// Whoever was in a room before has a key that its peers know: it does not open anything to others.
#[test]
fn a_substituted_key_is_seen_as_another_party() {
    let mut world = World::full(2, 1);
    let before = fingerprint_of(&world.parties[0], "bob");
    world.vanish(1);
    let impostor = world.come("bob", Role::Adjust);
    world.run();
    assert!(world.parties[impostor].is_ready());
    assert_ne!(fingerprint_of(&world.parties[0], "bob"), before, "the lobby shows another key");
}

/// The full man in the middle: a relay that was invited itself puts each of the two into a room with
/// one of its own parties, which bears the other's name.
///
/// Whoever holds the invite is an invited person: no handshake can tell. What differs is what the two
/// see, and that is what they compare.
#[test]
fn whoever_holds_the_invite_can_stand_between_two_but_they_see_different_keys() {
    let mut here = World::empty(2, "tensor", 1);
    here.come("alice", Role::Help);
    here.come("bob", Role::Help);
    let mut there = World::empty(2, "tensor", 2);
    there.come("alice", Role::Help);
    there.come("bob", Role::Help);
    here.run();
    there.run();
    // Of these four, alice of the one room and bob of the other are people; the others are the relay.
    let (alice, bob) = (&here.parties[0], &there.parties[1]);
    assert!(alice.is_ready() && bob.is_ready(), "nothing but comparing helps against this");

    let shown_to = |party: &Party| -> Vec<_> {
        let lobby = party.node.lobby();
        lobby.members.into_iter().map(|member| (member.name, member.fingerprint)).collect()
    };
    assert_ne!(shown_to(alice), shown_to(bob), "the two views of the keys");
    for name in ["alice", "bob"] {
        let (one, other) = (fingerprint_of(alice, name), fingerprint_of(bob, name));
        assert_ne!(one, other, "{name} as alice and as bob see it");
    }
    // Place for the short authentication string: alice's and bob's must differ here, but for one try in
    // as many as there are strings, and the relay must not be able to choose keys that make them equal
    // (commit, then reveal).

    // Nor do the two rooms share anything: the dealer knows the keys of each session.
    let sessions = [&here.dealer.sessions[0], &there.dealer.sessions[0]];
    assert_ne!(sessions[0], sessions[1]);
}

/// The same relay carries words from one room to the other: it hears them, which is why keys are
/// compared before anything is said; but no seal of one room opens in the other.
#[test]
fn packets_of_one_room_do_not_open_in_another() {
    let mut here = World::full(2, 3);
    let there = World::full(2, 4);
    let foreign = there.relay.seen.clone();
    let packet = foreign[foreign.len() - 64..].to_vec();
    here.relay.hands = Some(Box::new(move |deliveries| {
        deliveries
            .into_iter()
            .map(|(to, bytes)| (to, [&bytes[..2], &packet[..]].concat()))
            .collect()
    }));
    here.parties[0].node.say(vec![0, 1]).unwrap();
    here.wait(LONG);
    assert_heard_is_said(&here);
    let [text] = &complaints(&here.parties[1])[..] else { panic!("{:?}", here.parties[1].events) };
    assert!(text.starts_with("alice ") && text.contains("cannot be trusted: "), "{text}");
    assert!(!here.parties.iter().any(Party::is_ready));
}

/// An owner who lets nobody but itself see the result is not talked out of it by whoever is there.
#[test]
fn a_reveal_policy_does_not_depend_on_the_relay() {
    let mut world = World::empty(2, "tensor", 1);
    let closed =
        Join { reveal: RevealPolicy::Nothing, ..join(&invite(2, "tensor"), "alice", Role::Help) };
    world.come_with(closed);
    world.come("bob", Role::Help);
    world.run();
    let engine = world.parties[0].node.engine().unwrap();
    let data = (engine.me() == 0).then_some(&[1.0][..]);
    let revealed = engine.input(0, &[1], data).and_then(|x| x.reveal().map(drop));
    assert!(revealed.is_err());
}

fn fingerprint_of(party: &Party, name: &str) -> String {
    let lobby = party.node.lobby();
    let member = lobby.members.into_iter().find(|member| member.name == name);
    member.expect("a member of this name").fingerprint
}
