//! What a relay can claim: who is there, which slot one has, and what nobody can be.

use std::time::Duration;

use cryptab_session::{Error, Event, Fault, Role};
use cryptab_wire::{FromRelay, Refusal};

use super::{LONG, arriving, assert_heard_is_said, complaints, ready, talk};
use crate::world::{Party, World};

/// Alice is told this with the next delivery to anybody.
fn claim(world: &mut World, claims: Vec<Vec<u8>>) {
    let mut claims = claims;
    world.relay.hands = Some(Box::new(move |mut deliveries| {
        deliveries.extend(claims.drain(..).map(|claim| (1, claim)));
        deliveries
    }));
}

/// What can be claimed to somebody in a slot about another.
type Lie = fn(u8, u8) -> Vec<FromRelay>;

const LIES: [Lie; 7] = [
    |me, _| vec![FromRelay::Welcome { slot: me, present: vec![] }],
    |_, other| vec![FromRelay::Welcome { slot: other, present: vec![] }],
    |me, _| vec![FromRelay::Joined { slot: me }],
    |_, other| vec![FromRelay::Joined { slot: other }],
    |_, _| vec![FromRelay::Joined { slot: 7 }],
    |me, _| vec![FromRelay::Left { slot: me }],
    |_, _| vec![FromRelay::Left { slot: 7 }],
];

#[test]
fn who_is_there_must_fit_together() {
    for (lie, seed) in LIES.into_iter().flat_map(|lie| [(lie, 1), (lie, 2), (lie, 3)]) {
        let mut world = ready(seed);
        let me = world.parties[0].node.lobby().me;
        let told = lie(me, 1 - me);
        claim(&mut world, told.iter().map(FromRelay::encode).collect());
        talk(&mut world);
        let at_fault = world.parties[0].closed().map(Error::fault);
        assert_eq!(at_fault, Some(Fault::Relay), "{told:?}: {:?}", world.parties[0].events);
        assert!(world.parties.iter().all(|party| !party.is_ready()), "{told:?}");
        assert_eq!(complaints(&world.parties[1]).len(), 1, "{told:?}");
        assert_heard_is_said(&world);
    }
}

#[test]
fn bytes_that_are_no_message_close_the_connection() {
    for (seed, lie) in (1..).zip([
        vec![],
        vec![0],
        vec![0, 9],
        vec![2, 1, 7],
        vec![1, 8, 7],
        vec![1, 1],
        vec![255; 100],
        [&FromRelay::Joined { slot: 1 }.encode()[..], &[0]].concat(),
    ]) {
        let mut world = ready(seed);
        claim(&mut world, vec![lie.clone()]);
        talk(&mut world);
        let at_fault = world.parties[0].closed().map(Error::fault);
        assert_eq!(at_fault, Some(Fault::Relay), "{lie:?}");
    }
}

/// A relay can say that someone left, and say it twice: whoever goes says goodbye itself, so it is waited
/// for. That ends the session at last, as silence of the relay does.
#[test]
fn a_false_departure_is_not_believed_but_ends_the_session_when_it_lasts() {
    for seed in 1..=5 {
        let mut world = ready(seed);
        let slot = world.parties[1].node.lobby().me;
        let left = FromRelay::Left { slot }.encode();
        claim(&mut world, vec![left.clone(), left]);
        world.parties[1].node.say(vec![1, 0]).unwrap();
        world.wait(Duration::from_secs(50));
        assert!(world.parties.iter().all(Party::is_ready), "it is waited for");
        assert!(world.parties[0].node.lobby().members.iter().any(|member| member.away));
        world.wait(LONG);
        let text = &complaints(&world.parties[0])[0];
        assert!(text.starts_with("bob has been away for 60 seconds"), "{text}");
        assert!(!world.parties.iter().any(Party::is_ready));
        assert_heard_is_said(&world);
    }
}

#[test]
fn a_false_departure_and_return_harm_nothing() {
    for seed in 1..=5 {
        let mut world = ready(seed);
        let slot = world.parties[1].node.lobby().me;
        let told = [FromRelay::Left { slot }, FromRelay::Joined { slot }];
        claim(&mut world, told.iter().map(FromRelay::encode).collect());
        talk(&mut world);
        for party in &world.parties {
            assert!(party.is_ready() && party.failures().is_empty(), "{:?}", party.events);
            let said = party.events.iter().filter(|event| matches!(event, Event::Said { .. }));
            assert_eq!(said.count(), 4, "nothing is lost");
        }
        assert_heard_is_said(&world);
    }
}

#[test]
fn a_wrong_slot_is_never_sealed() {
    for seed in 1..=5 {
        let mut world = arriving(seed);
        // Both are told that they are in slot 1, and each that the other is in slot 0.
        world.relay.hands = Some(Box::new(|deliveries| {
            let lie = |(to, bytes): (usize, Vec<u8>)| match bytes[0] {
                0 => (to, FromRelay::Welcome { slot: 1, present: vec![0] }.encode()),
                _ => (to, [&[1, 0], &bytes[2..]].concat()),
            };
            let mut told = Vec::new();
            for (to, bytes) in deliveries {
                if bytes[0] == 1 || (FromRelay::Joined { slot: 1 }).encode() != bytes {
                    told.push(lie((to, bytes)));
                }
            }
            told
        }));
        world.run();
        assert!(world.parties.iter().all(|party| !party.is_ready() && party.sealed_with() == 0));
    }
}

#[test]
fn one_party_in_two_slots_is_noticed() {
    for seed in 1..=5 {
        let mut world = World::empty(3, "tensor", seed);
        world.come("alice", Role::Help);
        world.run();
        assert_eq!(world.parties[0].node.lobby().me, 0);
        world.come("bob", Role::Help);
        // Alice is told of a third, who is bob once more: what is for slot 2 goes to him, as does 1.
        world.relay.hands = Some(Box::new(|mut deliveries| {
            let welcomed = |(to, bytes): &(usize, Vec<u8>)| {
                *to == 1 && *bytes == FromRelay::Joined { slot: 1 }.encode()
            };
            if deliveries.iter().any(welcomed) {
                deliveries.push((1, FromRelay::Joined { slot: 2 }.encode()));
            }
            let from_bob: Vec<_> = deliveries
                .iter()
                .filter(|(to, bytes)| *to == 1 && bytes.starts_with(&[1, 1]))
                .map(|(_, bytes)| (1, [&[1, 2], &bytes[2..]].concat()))
                .collect();
            deliveries.extend(from_bob);
            deliveries
        }));
        world.run();
        assert!(world.parties.iter().all(|party| !party.is_ready()));
        // Bob's channel is bound to slot 1: it cannot be sealed as another.
        assert_eq!(world.parties[0].node.lobby().members.len(), 3, "the lie is believed so far");
        assert!(world.parties[0].sealed_with() <= 1);
    }
}

#[test]
fn every_refusal_ends_a_visit_with_its_reason() {
    for reason in [Refusal::Version, Refusal::Expired, Refusal::Mismatch, Refusal::Malformed] {
        let mut world = ready(1);
        claim(&mut world, vec![FromRelay::Refused { reason }.encode()]);
        talk(&mut world);
        let closed = world.parties[0].closed();
        assert!(matches!(closed, Some(Error::Refused(found)) if *found == reason), "{closed:?}");
        assert!(!world.parties.iter().any(Party::is_ready));
    }
}

/// These may come from a relay that has not noticed yet that a line has ended: it is asked again.
#[test]
fn a_refusal_that_passes_ends_no_session() {
    for reason in [
        Refusal::Closing,
        Refusal::Full,
        Refusal::MemberPresent,
        Refusal::TokenInUse,
        Refusal::TooMany,
    ] {
        let mut world = ready(1);
        claim(&mut world, vec![FromRelay::Refused { reason }.encode()]);
        world.parties[1].node.say(vec![1, 0]).unwrap();
        world.wait(Duration::from_secs(3));
        world.forget_old_lines(0);
        world.wait(Duration::from_secs(10));
        world.parties[1].node.say(vec![1, 1]).unwrap();
        world.wait(LONG);
        for party in &world.parties {
            assert!(party.is_ready() && party.failures().is_empty(), "{reason:?}");
        }
        let said = |event: &&Event| matches!(event, Event::Said { .. });
        assert_eq!(world.parties[0].events.iter().filter(said).count(), 2, "{reason:?}");
        assert_heard_is_said(&world);
    }
}
