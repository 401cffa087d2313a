//! Meeting again.

use cryptab_session::{Acquaintance, Event, Identity, Join, Member, Role};

use crate::world::{World, join};

/// Alice and someone called bob, under this key, meet; she knows these already.
fn meet(known: Vec<Acquaintance>, key: u8) -> World {
    let mut world = World::empty(2, "tensor", 3);
    world.come_with(Join { acquaintances: known, ..join(&world.invite, "alice", Role::Help) });
    let identity = Identity::from_secret(&[key; 32]);
    world.come_with(Join { identity, ..join(&world.invite, "bob", Role::Help) });
    world.run();
    world
}

/// What alice is to keep.
fn kept(world: &World) -> Vec<Acquaintance> {
    let events = world.parties[0].events.iter();
    let news = events.filter_map(|event| match event {
        Event::Acquainted(news) => Some(news.clone()),
        _ => None,
    });
    news.collect()
}

fn bob(world: &World) -> Member {
    world.parties[0].node.lobby().members.into_iter().find(|member| !member.you).unwrap()
}

#[test]
fn a_changed_key_is_flagged_until_it_is_accepted() {
    let first = meet(Vec::new(), 1);
    let known = kept(&first);
    assert_eq!((known.len(), known[0].name.as_str(), known[0].verified), (1, "bob", false));
    assert!(!bob(&first).changed_key && !bob(&first).verified);

    let again = meet(known.clone(), 1);
    assert!(kept(&again).is_empty() && !bob(&again).changed_key);

    let mut other = meet(known.clone(), 2);
    assert!(bob(&other).changed_key && kept(&other).is_empty());
    let slot = bob(&other).slot;
    other.parties[0].node.accept(slot).unwrap();
    other.run();
    assert!(!bob(&other).changed_key && !bob(&other).verified);
    let accepted = [known, kept(&other)].concat();
    assert_eq!(accepted.len(), 2);
    for key in [1, 2] {
        assert!(!bob(&meet(accepted.clone(), key)).changed_key);
    }
    assert!(bob(&meet(accepted, 3)).changed_key);
}

#[test]
fn who_was_verified_is_known_again_by_the_key() {
    let mut first = meet(Vec::new(), 1);
    confirm(&mut first).unwrap();
    first.run();
    assert!(bob(&first).verified);
    let known = kept(&first).last().unwrap().clone();
    assert!(known.verified);
    assert!(bob(&meet(vec![known.clone()], 1)).verified);
    let other = bob(&meet(vec![known], 2));
    assert!(!other.verified && other.changed_key);
}

#[test]
fn only_the_present_words_confirm() {
    let former = meet(Vec::new(), 1).parties[0].node.lobby().authentication.unwrap();
    let mut world = meet(Vec::new(), 1);
    let error = world.parties[0].node.confirm(&former).unwrap_err().to_string();
    assert!(error.contains("compare the new ones"), "{error}");
    assert!(!bob(&world).verified);
    confirm(&mut world).unwrap();
    assert!(bob(&world).verified);
}

/// The user of the first party has compared the words that are shown.
fn confirm(world: &mut World) -> Result<(), cryptab_session::Error> {
    let node = &mut world.parties[0].node;
    let words = node.lobby().authentication.unwrap();
    node.confirm(&words)
}

#[test]
fn comparing_the_words_accepts_a_changed_key() {
    let known = kept(&meet(Vec::new(), 1));
    let mut other = meet(known, 2);
    confirm(&mut other).unwrap();
    other.run();
    assert!(bob(&other).verified && !bob(&other).changed_key);
    assert_eq!(kept(&other).len(), 1);
}

#[test]
fn nobody_is_verified_or_accepted_who_is_not_here() {
    let words = meet(Vec::new(), 1).parties[0].node.lobby().authentication.unwrap();
    let mut world = World::empty(2, "tensor", 3);
    world.come("alice", Role::Help);
    world.run();
    assert!(world.parties[0].node.confirm(&words).is_err());
    assert!(world.parties[0].node.accept(1).is_err());
}
