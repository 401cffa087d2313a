//! People and the relay come and go.

use std::collections::BTreeSet;

use cryptab_session::{DealerState, Error, Event, Fault, Input, Role};
use cryptab_wire::{FromRelay, Refusal};
use futures::FutureExt as _;

use crate::world::World;

#[test]
fn who_leaves_in_mid_run_is_named_within_the_same_call() {
    let mut world = World::full(2, 1);
    let engine = world.parties[0].node.engine().unwrap();
    let (me, slot) = (engine.me(), world.parties[1].node.lobby().me);
    let data = [1.0];
    let x = engine.input(me, &[1], Some(&data)).unwrap();
    let result = x.mul(&x).unwrap().reveal().unwrap();
    let node = &mut world.parties[0].node;
    while node.poll().is_some() {}
    node.handle(Input::RelayMessage(FromRelay::Left { slot }.encode().into()), world.now);
    let outputs: Vec<_> = std::iter::from_fn(|| node.poll()).collect();
    let failed = outputs.iter().any(|output| {
        matches!(output, cryptab_session::Output::Event(Event::Failed(Error::Peer { name, complaint, .. }))
            if name == "bob" && complaint == "left the room")
    });
    assert!(failed, "{outputs:?}");
    assert!(outputs.iter().any(|output| matches!(output, cryptab_session::Output::CloseDealer)));
    assert!(node.engine().is_none());
    assert!(result.now_or_never().unwrap().is_err());
}

/// Whoever leaves, and whenever: the others learn it, and when the slot is filled all start anew.
fn comes_back(parties: u8) {
    for seed in 1..=60 {
        let mut world = World::full(parties, seed);
        let engines = world.engines();
        let mut results = Vec::new();
        for engine in &engines {
            let data = (engine.me() == 0).then_some(&[1.0, -1.0][..]);
            let x = engine.input(0, &[2], data).unwrap();
            results.push(x.mul(&x).unwrap().relu().unwrap().reveal().unwrap());
        }
        let steps = world.draw() % 40;
        world.run_some(steps);
        let leaver = usize::try_from(world.draw() % u64::from(parties)).unwrap();
        let member = world.parties[leaver].node.lobby();
        let me = member.members.iter().find(|member| member.you).unwrap().clone();
        world.vanish(leaver);
        let steps = world.draw() % 20;
        world.run_some(steps);
        let back = world.come(&me.name, me.role);
        // Leaves before all have noticed, and comes again.
        let steps = world.draw() % 20;
        world.run_some(steps);
        world.vanish(back);
        let back = world.come(&me.name, me.role);
        world.run();
        for (who, party) in world.parties.iter().enumerate() {
            if who == leaver || (who != back && who >= usize::from(parties)) {
                continue;
            }
            assert!(party.is_ready(), "seed {seed}, {who}: {party:?}", party = party.events);
            if who != back {
                let failures = party.failures();
                assert!(!failures.is_empty(), "seed {seed}");
                for failure in failures {
                    let text = failure.to_string();
                    assert_eq!(failure.fault(), Fault::Peer, "seed {seed}: {text}");
                    let who_is_named = text.starts_with(&format!("{} left", me.name))
                        || text.contains("left the room")
                        || text.contains("ended the session");
                    assert!(who_is_named, "seed {seed}: {text}");
                }
            }
        }
        let now = world.parties[back].node.engine().unwrap();
        assert_eq!(now.parties(), parties);
    }
}

#[test]
fn one_of_two_comes_back() {
    comes_back(2);
}

#[test]
fn one_of_three_comes_back() {
    comes_back(3);
}

#[test]
fn one_of_five_comes_back() {
    comes_back(5);
}

#[test]
fn no_session_is_used_twice() {
    let mut world = World::full(2, 11);
    for _ in 0..10 {
        let last = world.parties.len() - 1;
        world.vanish(last);
        world.run();
        world.come("bob", Role::Adjust);
        world.run();
    }
    let sessions: BTreeSet<_> = world.dealer.sessions.iter().collect();
    assert_eq!((sessions.len(), world.dealer.sessions.len()), (11, 22));
}

#[test]
fn the_relay_goes_and_comes_back() {
    for seed in 1..=20 {
        let mut world = World::full(3, seed);
        world.lose_relay();
        world.run();
        for party in &world.parties {
            assert!(!party.is_ready());
            assert_eq!(party.last_failure(), "the relay: connection reset");
            assert_eq!(party.failures()[0].fault(), Fault::Relay);
            assert!(party.node.lobby().members.is_empty());
        }
        for who in [2, 0, 1] {
            world.connect(who);
            let steps = world.draw() % 20;
            world.run_some(steps);
        }
        world.run();
        for party in &world.parties {
            assert!(party.is_ready() && party.times_ready() == 2, "seed {seed}");
        }
        let slots: Vec<_> = world.parties.iter().map(|party| party.node.lobby().me).collect();
        assert_eq!(slots.iter().collect::<BTreeSet<_>>().len(), 3);
    }
}

#[test]
fn one_party_alone_loses_the_relay() {
    let mut world = World::full(2, 3);
    let slots: Vec<_> = world.parties.iter().map(|party| party.node.lobby().me).collect();
    let now = world.now;
    world.cut(0);
    let refused = FromRelay::Refused { reason: Refusal::MemberPresent };
    world.parties[0].node.handle(Input::RelayOpened, now);
    world.parties[0].node.handle(Input::RelayMessage(refused.encode().into()), now);
    world.parties[0].node.handle(Input::RelayClosed("closed".to_owned()), now);
    let outputs = std::iter::from_fn(|| world.parties[0].node.poll());
    let failures: Vec<_> = outputs
        .filter_map(|output| match output {
            cryptab_session::Output::Event(Event::Failed(error)) => Some(error),
            _ => None,
        })
        .collect();
    let [Error::Relay(_), Error::Refused(Refusal::MemberPresent)] = failures[..] else {
        panic!("{failures:?}")
    };
    assert!(!world.parties[0].node.is_finished(), "someone who was in may try again");
    world.vanish(0);
    world.connect(0);
    world.run();
    assert!(world.parties.iter().all(|party| party.is_ready()));
    let again: Vec<_> = world.parties.iter().map(|party| party.node.lobby().me).collect();
    assert_eq!(slots, again);
}

#[test]
fn leaving_ends_everything_here_and_the_session_there() {
    let mut world = World::full(2, 3);
    world.parties[0].node.leave();
    world.run();
    assert!(matches!(world.parties[0].closed(), Some(Error::Left)));
    assert!(world.parties[0].node.is_finished() && world.parties[0].node.engine().is_none());
    assert_eq!(world.parties[1].last_failure(), "alice left the room");
    assert_eq!(world.parties[1].dealer(), DealerState::Waiting);
    let now = world.now;
    world.parties[0].node.handle(Input::RelayOpened, now);
    assert!(world.parties[0].node.poll().is_none());
}
