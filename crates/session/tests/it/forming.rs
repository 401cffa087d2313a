//! From nothing to a session.

use std::collections::BTreeSet;

use cryptab_session::{DealerState, Error, Event, Fault, Role};

use crate::world::{NAMES, World};

fn everyone_is_ready(parties: u8) {
    for seed in 1..=20 {
        let world = World::full(parties, seed);
        let first = world.parties[0].node.lobby();
        for party in &world.parties {
            assert!(party.is_ready(), "seed {seed}: {:?}", party.events);
            assert!(party.failures().is_empty(), "seed {seed}: {:?}", party.failures());
            assert_eq!((party.times_ready(), party.dealer()), (1, DealerState::Sealed));
            let lobby = party.node.lobby();
            let names: Vec<_> = lobby.members.iter().map(|member| member.name.as_str()).collect();
            let mut expected = NAMES[..usize::from(parties)].to_vec();
            expected.sort_by_key(|name| first.members.iter().position(|m| m.name == *name));
            assert_eq!(names, expected);
            for (mine, theirs) in lobby.members.iter().zip(&first.members) {
                assert_eq!((&mine.fingerprint, mine.role), (&theirs.fingerprint, theirs.role));
            }
        }
        let sessions: BTreeSet<_> = world.dealer.sessions.iter().collect();
        assert_eq!((sessions.len(), world.dealer.sessions.len()), (1, usize::from(parties)));
        let slots: Vec<_> = world.engines().iter().map(|engine| engine.me()).collect();
        assert_eq!(slots, (0..parties).collect::<Vec<_>>());
    }
}

#[test]
fn two_parties_get_ready() {
    everyone_is_ready(2);
}

#[test]
fn three_parties_get_ready() {
    everyone_is_ready(3);
}

#[test]
fn five_parties_get_ready() {
    everyone_is_ready(5);
}

#[test]
fn the_lobby_is_told_as_it_fills() {
    let mut world = World::empty(2, "photo", 1);
    world.come("alice", Role::Photo);
    world.run();
    let lobby = world.parties[0].node.lobby();
    assert_eq!((lobby.members.len(), lobby.me, lobby.dealer), (1, 0, DealerState::Waiting));
    assert!(lobby.members[0].you && lobby.members[0].fingerprint.len() == 9);

    world.come("bob", Role::Adjust);
    world.run();
    let mut told: Vec<_> = world.parties[0]
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Lobby(lobby) => {
                Some((lobby.members.len(), lobby.members.iter().all(|m| m.sealed), lobby.dealer))
            }
            _ => None,
        })
        .collect();
    // The words to compare come at a moment of their own.
    told.dedup();
    let expected = [
        (1, true, DealerState::Waiting),
        (2, false, DealerState::Waiting),
        (2, true, DealerState::Waiting),
        (2, true, DealerState::Connecting),
        (2, true, DealerState::Sealed),
    ];
    assert_eq!(told, expected);
    assert_eq!(world.parties[0].times_ready(), 1);
}

#[test]
fn roles_must_fit_the_program_and_can_be_mended() {
    let mut world = World::empty(2, "photo", 3);
    world.come("alice", Role::Photo);
    let bob = world.come("bob", Role::Photo);
    world.run();
    for party in &world.parties {
        let [Error::DuplicateRole { role: Role::Photo, names }] = party.failures()[..] else {
            panic!("{:?}", party.failures())
        };
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 2);
        assert!(!party.is_ready() && party.closed().is_none());
        assert_eq!(party.failures()[0].fault(), Fault::Input);
    }
    world.vanish(bob);
    world.come("bob", Role::Help);
    world.run();
    assert!(world.parties[0].last_failure().contains("nobody has the role `adjust`"));
    world.vanish(2);
    let bob = world.come("bob", Role::Adjust);
    world.run();
    assert!(world.parties[0].is_ready() && world.parties[bob].is_ready());
}

#[test]
fn namesakes_are_told_apart() {
    let mut world = World::empty(2, "tensor", 5);
    world.come("sam", Role::Help);
    world.come("sam", Role::Help);
    world.run();
    let names: Vec<_> =
        world.parties[1].node.lobby().members.into_iter().map(|member| member.name).collect();
    assert_eq!(names, ["sam (slot 0)", "sam (slot 1)"]);
}

#[test]
fn applications_talk_through_sealed_channels() {
    let mut world = World::full(3, 7);
    let said = b"a secret plan nobody else may read".to_vec();
    world.parties[0].node.say(said.clone()).unwrap();
    world.run();
    for party in &world.parties[1..] {
        let me = world.parties[0].node.lobby().me;
        let heard = party.events.iter().any(
            |event| matches!(event, Event::Said { from, bytes } if *from == me && *bytes == said),
        );
        assert!(heard, "{:?}", party.events);
    }
    assert!(!world.relay.seen.windows(said.len()).any(|window| window == said));
    let too_long = world.parties[0].node.say(vec![0; cryptab_session::MAX_SAID + 1]);
    assert_eq!(too_long.unwrap_err().fault(), Fault::Misuse);
}

#[test]
fn nothing_can_be_said_without_a_session() {
    let mut world = World::empty(2, "photo", 9);
    world.come("alice", Role::Photo);
    world.run();
    assert!(world.parties[0].node.say(vec![1]).is_err());
    assert!(world.parties[0].node.restart().is_err());
}

#[test]
fn a_session_can_be_restarted_by_anyone_and_is_new() {
    for seed in 1..=20 {
        let mut world = World::full(3, seed);
        world.parties[1].node.restart().unwrap();
        world.run();
        for party in &world.parties {
            assert!(party.is_ready() && party.times_ready() == 2, "seed {seed}");
        }
        // Of bob, or of carol who followed him.
        let failure = world.parties[0].last_failure();
        assert!(failure.ends_with(" has begun a new session"), "seed {seed}: {failure}");
        let sessions: BTreeSet<_> = world.dealer.sessions.iter().collect();
        assert_eq!(sessions.len(), 2);
    }
}

#[test]
fn all_restart_at_once() {
    for seed in 1..=50 {
        let mut world = World::full(5, seed);
        for party in &mut world.parties {
            party.node.restart().unwrap();
        }
        world.run_some(seed);
        // Some cannot, having lost the room's completeness for a moment; the others suffice.
        let _ = world.parties[2].node.restart();
        world.run();
        assert!(world.parties.iter().all(super::world::Party::is_ready), "seed {seed}");
    }
}
