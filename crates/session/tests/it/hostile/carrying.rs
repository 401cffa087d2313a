//! What a relay can do to packets: replay, reorder, cut, withhold, return, exchange, forge.

use std::cell::RefCell;
use std::rc::Rc;

use cryptab_session::Event;

use super::{
    LONG, arriving, assert_heard_is_said, assert_results_are_right, assert_unharmed_or_detected,
    complaints, compute, ready, talk,
};
use crate::world::{Deliveries, Party, World};

/// What is done to the deliveries of each message; the number counts messages.
type Trick = fn(usize, Deliveries, &mut Deliveries) -> Deliveries;

const TRICKS: [(&str, Trick); 9] = [
    ("everything comes twice", |_, honest, _| [honest.clone(), honest].concat()),
    ("the first comes again with each", |_, honest, kept| {
        kept.extend(honest.iter().filter(|_| kept.is_empty()).cloned().collect::<Vec<_>>());
        [honest, kept.clone()].concat()
    }),
    ("the signals of late come again with each", |_, honest, kept| {
        kept.extend(honest.iter().filter(|(_, bytes)| bytes.len() < 2 + 16).cloned());
        kept.drain(..kept.len().saturating_sub(8));
        [honest, kept.clone()].concat()
    }),
    ("every other waits for the next", |_, honest, kept| {
        if kept.is_empty() {
            kept.extend(honest);
            return Vec::new();
        }
        [honest, std::mem::take(kept)].concat()
    }),
    ("the third is lost", |count, honest, _| if count == 2 { Vec::new() } else { honest }),
    ("everything loses its last byte", |_, honest, _| {
        let cut = |(to, mut bytes): (usize, Vec<u8>)| {
            bytes.truncate(bytes.len() - 1);
            (to, bytes)
        };
        honest.into_iter().map(cut).collect()
    }),
    ("everything is cut to its address", |_, honest, _| {
        honest.into_iter().map(|(to, bytes)| (to, bytes[..2].to_vec())).collect()
    }),
    ("everything comes back to its sender", |_, honest, _| {
        let back = |(to, mut bytes): (usize, Vec<u8>)| {
            bytes[1] ^= 1;
            // The connections of the two.
            (3 - to, bytes)
        };
        honest.into_iter().map(back).collect()
    }),
    ("noise comes with everything", |count, honest, _| {
        let noise = |(to, bytes): &(usize, Vec<u8>)| {
            let forged = vec![u8::try_from(count % 251).unwrap(); 40 + count % 7];
            (*to, [&bytes[..2], &forged].concat())
        };
        [honest.iter().map(noise).collect(), honest].concat()
    }),
];

/// The tricks that a stream heals: its channels are made anew.
const HEALS: [&str; 2] = ["the signals of late come again with each", "the third is lost"];

/// Tricks with packets alone: what the relay says itself is said as it should be.
fn play(world: &mut World, trick: Trick) {
    let mut kept = Vec::new();
    let mut count = 0;
    world.relay.hands = Some(Box::new(move |deliveries| {
        let (packets, notices): (Vec<_>, Vec<_>) =
            deliveries.into_iter().partition(|(_, bytes)| bytes[0] == 1);
        if packets.is_empty() {
            return notices;
        }
        count += 1;
        [notices, trick(count - 1, packets, &mut kept)].concat()
    }));
}

#[test]
fn a_conversation_is_never_heard_otherwise_than_it_was_said() {
    for (what, trick) in TRICKS {
        for seed in 1..=5 {
            let mut world = ready(seed);
            play(&mut world, trick);
            talk(&mut world);
            assert_heard_is_said(&world);
            assert_unharmed_or_detected(&world, what);
            for party in world.parties.iter().filter(|_| HEALS.contains(&what)) {
                let said = |event: &&Event| matches!(event, Event::Said { .. });
                assert_eq!(party.events.iter().filter(said).count(), 4, "{what}: all arrives");
                assert!(party.is_ready() && party.failures().is_empty(), "{what}");
            }
        }
    }
}

#[test]
fn a_computation_is_right_or_ends() {
    for (what, trick) in TRICKS {
        for seed in 1..=5 {
            let mut world = ready(seed);
            play(&mut world, trick);
            let results = compute(&mut world);
            assert_results_are_right(&results);
            assert_unharmed_or_detected(&world, what);
            let hanging = results.iter().any(|result| matches!(result, Err(None)));
            assert!(!hanging, "{what}: a result never comes");
            let is_whole = results.iter().all(Result::is_ok);
            assert!(is_whole || !HEALS.contains(&what), "{what}: {results:?}");
        }
    }
}

#[test]
fn a_meeting_under_any_trick_is_true_or_does_not_come_about() {
    for (what, trick) in TRICKS {
        for seed in 1..=5 {
            let mut world = arriving(seed);
            play(&mut world, trick);
            world.wait(LONG);
            talk(&mut world);
            assert_heard_is_said(&world);
            let lobbies: Vec<_> = world.parties.iter().map(|party| party.node.lobby()).collect();
            if world.parties.iter().all(Party::is_ready) {
                for (mine, theirs) in lobbies[0].members.iter().zip(&lobbies[1].members) {
                    assert_eq!(mine.fingerprint, theirs.fingerprint, "{what}");
                }
            } else {
                assert!(world.parties.iter().all(|party| !party.is_ready()), "{what}");
            }
        }
    }
}

#[test]
fn two_of_three_whose_packets_are_exchanged_find_out() {
    for seed in 1..=5 {
        let mut world = World::full(3, seed);
        let slots: Vec<_> = world.parties.iter().map(|party| party.node.lobby().me).collect();
        let (alice, bob) = (slots[0], slots[1]);
        // Carol gets alice's packets as bob's, and bob's as alice's.
        world.relay.hands = Some(Box::new(move |mut deliveries| {
            for (to, bytes) in &mut deliveries {
                if *to == 3 && bytes[0] == 1 {
                    bytes[1] = if bytes[1] == alice { bob } else { alice };
                }
            }
            deliveries
        }));
        world.parties[0].node.say(vec![0, 1]).unwrap();
        world.wait(LONG);
        let heard = complaints(&world.parties[2]);
        // Carol cannot know more than which packets do not open: those that come as alice's or bob's.
        let blames = |text: &String| {
            let (name, complaint) = text.split_once(' ').unwrap();
            let is_seen = complaint.contains("cannot be trusted: ");
            let is_told = complaint.starts_with("ended the session because of ");
            ["alice", "bob"].contains(&name) && (is_seen || is_told)
        };
        assert!(heard.first().is_some_and(blames), "seed {seed}: {heard:?}");
        assert!(world.parties.iter().all(|party| !party.is_ready()));
        assert_unharmed_or_detected(&world, "exchanged");
        assert_heard_is_said(&world);
    }
}

#[test]
fn what_is_withheld_makes_no_session_and_no_noise() {
    for seed in 1..=5 {
        let mut world = arriving(seed);
        world.relay.hands = Some(Box::new(|honest| {
            honest.into_iter().filter(|(_, bytes)| bytes[0] == 0).collect()
        }));
        world.wait(LONG);
        for party in &world.parties {
            let lobby = party.node.lobby();
            assert!(!party.is_ready() && party.sealed_with() == 0);
            assert_eq!(lobby.members.len(), 2, "it is seen that someone is there");
        }
    }
}

#[test]
fn packets_of_an_earlier_visit_are_refused() {
    for seed in 1..=5 {
        let mut world = ready(seed);
        let recorded: Rc<RefCell<Deliveries>> = Rc::default();
        let keep = Rc::clone(&recorded);
        world.relay.hands = Some(Box::new(move |deliveries| {
            keep.borrow_mut().extend(deliveries.iter().filter(|(to, _)| *to == 1).cloned());
            deliveries
        }));
        talk(&mut world);
        assert!(!recorded.borrow().is_empty());
        // Bob goes and comes again; alice is told what she was told before.
        world.vanish(1);
        world.come("bob", cryptab_session::Role::Adjust);
        let mut old = recorded.take();
        world.relay.hands = Some(Box::new(move |deliveries| {
            let at = usize::from(deliveries.iter().any(|(to, bytes)| *to == 1 && bytes[0] == 1));
            let again = old.drain(..at.min(old.len())).collect();
            [deliveries, again].concat()
        }));
        let before = complaints(&world.parties[0]).len();
        world.wait(LONG);
        assert_heard_is_said(&world);
        let new = &complaints(&world.parties[0])[before..];
        let ready = world.parties[0].is_ready() && world.parties[2].is_ready();
        assert!(
            ready || new.iter().any(|text| text.starts_with("bob ") || text.contains("slot")),
            "{new:?}"
        );
    }
}
