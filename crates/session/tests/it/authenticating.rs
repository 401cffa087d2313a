//! The words that people compare.

use std::collections::BTreeSet;
use std::time::Duration;

use cryptab_session::{Authentication, Error, Fault, Identity, Join, Role};

use crate::rogue::Duel;
use crate::world::{NAMES, World, join};

fn string(world: &World, who: usize) -> Authentication {
    world.parties[who].node.lobby().authentication.unwrap()
}

/// The string of these parties, which is equal.
fn common(world: &World, parties: impl IntoIterator<Item = usize>) -> Authentication {
    let mut strings = parties.into_iter().map(|who| string(world, who));
    let first = strings.next().unwrap();
    strings.for_each(|other| assert_eq!(first, other));
    first
}

#[test]
fn all_have_the_same_words() {
    for parties in 2..=5 {
        let mut seen = BTreeSet::new();
        for seed in 1..=20 {
            let mut world = World::full(parties, seed);
            let everyone = 0..usize::from(parties);
            let before = common(&world, everyone.clone());
            assert_eq!((before.words.len(), before.emoji.len()), (4, 7));
            assert!(seen.insert(before.words.clone()), "a string of another room");
            // A new session of the same people keeps it.
            world.parties[1].node.restart().unwrap();
            world.run();
            assert_eq!(common(&world, everyone), before, "seed {seed}");
            assert!(world.parties.iter().all(|party| party.is_ready()));
        }
    }
}

#[test]
fn there_are_no_words_until_everyone_is_here() {
    let mut world = World::full(3, 3);
    world.parties[2].node.leave();
    world.run();
    for who in [0, 1] {
        assert_eq!(world.parties[who].node.lobby().authentication, None);
    }
}

#[test]
fn another_key_makes_other_words() {
    for seed in 1..=20 {
        let mut world = World::full(3, seed);
        let before = common(&world, 0..3);
        world.vanish(2);
        let steps = world.draw() % 10;
        world.run_some(steps);
        let back = world.come("carol", Role::Help);
        world.run();
        assert_ne!(common(&world, [0, 1, back]), before, "seed {seed}");
    }
}

#[test]
fn who_comes_back_with_its_key_after_a_reload_makes_other_words_too() {
    let mut world = World::empty(2, "tensor", 7);
    world.come("alice", Role::Help);
    let bob = |world: &World| Join {
        identity: Identity::from_secret(&[8; 32]),
        ..join(&world.invite, "bob", Role::Help)
    };
    let first = world.come_with(bob(&world));
    world.run();
    let before = common(&world, [0, first]);
    world.vanish(first);
    let second = world.come_with(bob(&world));
    world.run();
    // It has forgotten its value, and nobody may tell it the words.
    assert_ne!(common(&world, [0, second]), before);
}

fn away_for_a_moment(world: &mut World) {
    world.lose_relay();
    world.run();
    world.relay.is_up = true;
    world.wait(Duration::from_secs(10));
}

#[test]
fn who_was_away_for_a_moment_finds_the_same_words() {
    for seed in 1..=20 {
        let mut world = World::empty(3, "tensor", seed);
        for name in &NAMES[..3] {
            world.come(name, Role::Help);
        }
        // The lines end in the middle of it, or later.
        let steps = 20 + world.draw() % 100;
        world.run_some(steps);
        away_for_a_moment(&mut world);
        let before = common(&world, 0..3);
        away_for_a_moment(&mut world);
        assert_eq!(common(&world, 0..3), before, "seed {seed}");
    }
}

/// The relay is Mallory's, and she holds the invite: she shows each of two friends a room of its own,
/// in which she plays the other.
#[test]
fn someone_in_the_middle_makes_the_words_differ() {
    for parties in 2..=5 {
        let victims = [0, usize::from(parties) - 1];
        let rooms = [1, 2].map(|seed| World::full(parties, seed));
        assert_eq!(rooms[0].invite.secret, rooms[1].invite.secret);
        let seen = [0, 1].map(|side| string(&rooms[side], victims[side]));
        assert_ne!(seen[0].words, seen[1].words);
        assert_ne!(seen[0].emoji, seen[1].emoji);
    }
}

/// She copies what she hears in one room into the other: it fits neither.
#[test]
fn what_is_copied_from_another_room_is_refused() {
    let (mut left, mut right) = (Duel::new(), Duel::new());
    let [mut of_left, mut of_right] = [visit_of(&left), visit_of(&right)];
    left.say(&of_right);
    right.say(&of_left);
    (of_left, of_right) = (last(&left, COMMIT), last(&right, COMMIT));
    assert_ne!(of_left[1..33], of_right[1..33], "gatherings of different keys");
    left.say(&of_right);
    right.say(&of_left);
    for duel in [&left, &right] {
        assert!(duel.heard.iter().all(|message| message[0] != OPEN), "reveals nothing yet");
        assert_eq!(duel.node.lobby().authentication, None);
    }
    // Even under the right gathering, a copied commitment commits her to nothing she can open.
    let theirs = |to: &[u8], from: &[u8]| [&[COMMIT], &to[1..33], &from[33..]].concat();
    left.say(&theirs(&of_left, &of_right));
    right.say(&theirs(&of_right, &of_left));
    let (open_left, open_right) = (last(&left, OPEN), last(&right, OPEN));
    left.say(&[&open_left[..33], &open_right[33..]].concat());
    right.say(&[&open_right[..33], &open_left[33..]].concat());
    for duel in [left, right] {
        assert!(duel.failures()[0].contains("not what it committed to"), "{:?}", duel.failures());
        assert_eq!(duel.node.lobby().authentication, None);
    }
}

#[test]
fn lies_about_commitments_are_blamed() {
    let visit = [&[VISIT][..], &[7; 16]].concat();
    let begun = || {
        let mut duel = Duel::new();
        duel.say(&visit);
        let gathering = last(&duel, COMMIT)[1..33].to_vec();
        (duel, gathering)
    };
    let message =
        |kind: u8, gathering: &[u8], value: u8| [&[kind], gathering, &[value; 32]].concat();

    let (mut duel, gathering) = begun();
    duel.say(&message(COMMIT, &gathering, 1));
    last(&duel, OPEN);
    duel.say(&message(OPEN, &gathering, 2));
    blamed(&duel, "what it revealed for the words to compare is not what it committed to");

    let (mut duel, gathering) = begun();
    duel.say(&message(OPEN, &gathering, 2));
    blamed(&duel, "before it committed to one");

    let (mut duel, gathering) = begun();
    duel.say(&message(COMMIT, &gathering, 1));
    duel.say(&message(COMMIT, &gathering, 1));
    assert!(duel.failures().is_empty());
    duel.say(&message(COMMIT, &gathering, 2));
    blamed(&duel, "it committed to two values");

    let (mut duel, _) = begun();
    duel.say(&visit);
    assert!(duel.failures().is_empty());
    duel.say(&[&[VISIT][..], &[8; 16]].concat());
    blamed(&duel, "told twice of its visit");

    let (mut duel, _) = begun();
    duel.say(&message(OPEN, &[9; 32], 2));
    assert!(duel.failures().is_empty() && duel.node.lobby().authentication.is_none());
}

fn blamed(duel: &Duel, complaint: &str) {
    let failures = duel.failures();
    let [text] = &failures[..] else { panic!("{complaint}: {failures:?}") };
    assert!(text.starts_with("mallory ") && text.contains(complaint), "{text}");
    assert!(!duel.node.lobby().members[1].sealed);
    let error = duel.events.iter().find_map(|event| match event {
        cryptab_session::Event::Failed(error) => Some(error),
        _ => None,
    });
    assert_eq!(error.map(Error::fault), Some(Fault::Peer));
}

fn visit_of(duel: &Duel) -> Vec<u8> {
    last(duel, VISIT)
}

/// The last message of this kind that the node's channel said.
fn last(duel: &Duel, kind: u8) -> Vec<u8> {
    duel.heard.iter().rev().find(|message| message[0] == kind).unwrap().clone()
}

const VISIT: u8 = 16;
const COMMIT: u8 = 17;
const OPEN: u8 = 18;
