//! Who is not let in.

use cryptab_session::{
    Error, Evaluator, Event, Fault, Format, Identity, Input, Invite, Join, Node, Output, Role,
};
use cryptab_wire::{FromRelay, Refusal, Secret};

use crate::world::{START, World, invite, join};

#[test]
fn an_expired_invite_is_refused_at_once() {
    let expired = Invite { expires: START.as_secs(), ..invite(2, "photo") };
    let mut node = Node::new(join(&expired, "alice", Role::Photo), START);
    let outputs: Vec<_> = std::iter::from_fn(|| node.poll()).collect();
    let [Output::Event(Event::Closed(error @ Error::Expired))] = &outputs[..] else {
        panic!("{outputs:?}")
    };
    assert_eq!(error.fault(), Fault::Input);
    assert!(node.is_finished());
}

#[test]
fn an_invite_that_expires_meanwhile_is_not_used_again() {
    let mut world = World::full(2, 1);
    world.lose_relay();
    world.run();
    world.relay.is_up = true;
    world.now = std::time::Duration::from_secs(world.invite.expires);
    world.connect(0);
    world.run();
    assert!(matches!(world.parties[0].closed(), Some(Error::Expired)));
}

#[test]
fn a_full_room_takes_nobody() {
    let mut world = World::full(2, 2);
    let third = world.come("carol", Role::Help);
    world.run();
    let error = world.parties[third].closed().unwrap();
    assert!(matches!(error, Error::Refused(Refusal::Full)));
    assert!(error.to_string().starts_with("the room is full: "), "{error}");
    assert!(world.parties[0].is_ready() && world.parties[1].is_ready());
}

#[test]
fn a_second_tab_on_one_identity_is_refused() {
    let mut world = World::empty(3, "photo", 2);
    let identity = Identity::generate().unwrap();
    let with =
        |name, role| Join { identity: identity.clone(), ..join(&invite(3, "photo"), name, role) };
    world.come_with(with("alice", Role::Photo));
    world.run();
    let second = world.come_with(with("alice", Role::Photo));
    world.run();
    let error = world.parties[second].closed().unwrap();
    assert!(matches!(error, Error::Refused(Refusal::MemberPresent)));
    assert!(error.to_string().contains("another tab"), "{error}");
    assert!(world.parties[0].closed().is_none());
}

#[test]
fn one_identity_in_two_slots_is_noticed_even_if_the_relay_does_not() {
    let mut world = World::empty(3, "tensor", 2);
    world.relay.checks_members = false;
    let identity = Identity::generate().unwrap();
    let with =
        |name| Join { identity: identity.clone(), ..join(&invite(3, "tensor"), name, Role::Help) };
    world.come_with(with("alice"));
    world.come("bob", Role::Help);
    world.come_with(with("mallory"));
    world.run();
    assert!(world.parties.iter().all(|party| !party.is_ready()));
    let bob = world.parties[1].failures();
    assert!(bob.iter().any(|error| error.to_string().contains("holds the same key as")), "{bob:?}");
    let alice = world.parties[0].failures();
    assert!(
        alice.iter().any(|error| error.to_string().contains("holds the same key as this party")),
        "{alice:?}"
    );
}

/// Someone with another invite to the same room: never sealed, and everyone learns why.
fn another_invite(other: Invite) {
    for seed in 1..=10 {
        let mut world = World::empty(2, "photo", seed);
        world.come("alice", Role::Photo);
        world.come_with(join(&other, "mallory", Role::Adjust));
        world.run();
        for party in &world.parties {
            assert_eq!((party.sealed_with(), party.is_ready()), (0, false));
            let failures = party.failures();
            let [Error::Peer { .. }] = failures[..] else { panic!("seed {seed}: {failures:?}") };
            let text = failures[0].to_string();
            assert!(text.starts_with("the party in slot "), "{text}");
            assert!(text.contains("invite"), "{text}");
        }
        // The right one comes instead.
        world.vanish(1);
        let bob = world.come("bob", Role::Adjust);
        world.run();
        assert!(world.parties[0].is_ready() && world.parties[bob].is_ready());
    }
}

#[test]
fn another_secret_is_never_sealed() {
    another_invite(Invite { secret: Secret::from([0xcd; 32]), ..invite(2, "photo") });
}

#[test]
fn another_program_is_never_sealed() {
    another_invite(Invite { program: "tensor".to_owned(), ..invite(2, "photo") });
}

#[test]
fn another_dealer_is_never_sealed() {
    another_invite(Invite { dealer_key: [1; 32], ..invite(2, "photo") });
}

#[test]
fn another_number_format_is_named() {
    another_format(12.into(), "computes with 12 fraction bits, but 16 are used here");
}

#[test]
fn another_evaluator_is_named() {
    let format = Format { evaluator: Evaluator::Polynomial, ..Format::default() };
    let named = "evaluates functions with the polynomial evaluator, but the trigonometric one";
    another_format(format, named);
}

fn another_format(format: Format, named: &str) {
    let mut world = World::empty(2, "tensor", 1);
    world.come("alice", Role::Help);
    world.come_with(Join { format, ..join(&invite(2, "tensor"), "bob", Role::Help) });
    world.run();
    let texts: Vec<_> = world.parties[0].failures().iter().map(ToString::to_string).collect();
    assert!(
        texts.iter().any(|text| text.contains(named) || text.contains("does not listen")),
        "{texts:?}"
    );
    assert!(!world.parties[0].is_ready());
}

#[test]
fn every_refusal_at_the_door_closes_but_closing_does_not() {
    for reason in Refusal::ALL {
        let mut node = Node::new(join(&invite(2, "photo"), "alice", Role::Photo), START);
        node.handle(Input::RelayOpened, START);
        node.handle(Input::RelayMessage(FromRelay::Refused { reason }.encode().into()), START);
        assert_eq!(node.is_finished(), reason != Refusal::Closing, "{reason:?}");
    }
}

#[test]
fn a_relay_that_breaks_the_protocol_is_named() {
    let welcome = FromRelay::Welcome { slot: 0, present: vec![] }.encode();
    for bad in [
        vec![],
        vec![0, 77],
        vec![1, 0],
        FromRelay::Welcome { slot: 0, present: vec![] }.encode(),
        FromRelay::Joined { slot: 0 }.encode(),
        FromRelay::Joined { slot: 2 }.encode(),
        FromRelay::Left { slot: 1 }.encode(),
    ] {
        let mut node = Node::new(join(&invite(2, "photo"), "alice", Role::Photo), START);
        node.handle(Input::RelayOpened, START);
        node.handle(Input::RelayMessage(welcome.clone().into()), START);
        node.handle(Input::RelayMessage(bad.clone().into()), START);
        let closed = std::iter::from_fn(|| node.poll()).any(|output| {
            matches!(output, Output::Event(Event::Closed(error)) if error.fault() == Fault::Relay)
        });
        assert!(closed, "{bad:?}");
    }
}

#[test]
fn packets_from_nobody_are_dropped() {
    let mut node = Node::new(join(&invite(2, "photo"), "alice", Role::Photo), START);
    node.handle(Input::RelayOpened, START);
    node.handle(Input::RelayMessage(vec![1, 1, 9, 9].into()), START);
    node.handle(
        Input::RelayMessage(FromRelay::Welcome { slot: 0, present: vec![] }.encode().into()),
        START,
    );
    node.handle(Input::RelayMessage(vec![1, 1, 9, 9].into()), START);
    assert!(!node.is_finished());
}
