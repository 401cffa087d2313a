//! A bit of any message changed on the way, on every boundary of a party, through a whole session: meeting,
//! agreeing, talking, computing, beginning anew.
//!
//! The rows of [`Kind`] are the kinds of messages that cross a boundary. Each must be met by the sweep, so
//! that a kind that is added without being seen here fails.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use cryptab_session::{Engine, Error, Event, Fault, Role};
use cryptab_wire::relay::ToClient;
use cryptab_wire::{FromRelay, ToRelay};
use futures::FutureExt as _;

use crate::world::{Party, World};

/// What crosses the boundary to the relay, as whoever carries it can tell.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Kind {
    Welcome,
    Joined,
    Left,
    Signal,
    Handshake,
    Sealed,
}

const KINDS: [Kind; 6] =
    [Kind::Welcome, Kind::Joined, Kind::Left, Kind::Signal, Kind::Handshake, Kind::Sealed];

impl Kind {
    /// Of a delivery, of which `before` packets went the same way.
    fn of(bytes: &[u8], before: usize) -> Self {
        match ToClient::decode(bytes).unwrap() {
            ToClient::Notice(FromRelay::Welcome { .. }) => Self::Welcome,
            ToClient::Notice(FromRelay::Joined { .. }) => Self::Joined,
            ToClient::Notice(FromRelay::Left { .. }) => Self::Left,
            ToClient::Notice(FromRelay::Refused { .. } | FromRelay::Ordered { .. }) => {
                unreachable!("nobody is refused or removed here")
            }
            ToClient::Packet { packet, .. } if packet.len() < 16 => Self::Signal,
            // The initiator sends two packets, the responder one.
            ToClient::Packet { .. } if before < 2 => Self::Handshake,
            ToClient::Packet { .. } => Self::Sealed,
        }
    }
}

/// One change: bit `bit` of byte `at` of delivery number `number`. Orders differ a little from run to run
/// (who is sent a correction depends on the session's name), so lengths may, and `at` goes around.
#[derive(Clone, Copy, Debug)]
struct Change {
    number: usize,
    at: usize,
    bit: usize,
}

/// A delivery of an honest run.
struct Seen {
    kind: Kind,
    to: usize,
    /// Packets of channels that went the same way before.
    before: usize,
    length: usize,
}

/// A whole session, with one change; what an honest relay would have delivered, and the world at rest.
fn live(change: Option<Change>) -> (World, Vec<Seen>) {
    let mut world = World::empty(2, "tensor", 7);
    let seen: Rc<RefCell<Vec<Seen>>> = Rc::default();
    let notes = Rc::clone(&seen);
    let carried = Cell::new([0_usize; 2]);
    world.relay.hands = Some(Box::new(move |mut deliveries| {
        for (to, bytes) in &mut deliveries {
            // Connections count from one, and alternate while nothing was changed.
            let to = (*to - 1) % 2;
            let mut counts = carried.get();
            let before = counts[to];
            let kind = Kind::of(bytes, before);
            counts[to] += usize::from(!matches!(kind, Kind::Welcome | Kind::Joined | Kind::Signal));
            carried.set(counts);
            let number = notes.borrow().len();
            notes.borrow_mut().push(Seen { kind, to, before, length: bytes.len() });
            if let Some(change) = change.filter(|change| change.number == number) {
                let at = change.at % bytes.len();
                bytes[at] ^= 1 << change.bit;
            }
        }
        deliveries
    }));
    world.come("alice", Role::Help);
    world.come("bob", Role::Help);
    world.run();
    for party in &mut world.parties {
        let _ = party.node.say(b"a word".to_vec());
    }
    rest(&mut world);
    let engines = world.engines();
    let results: Vec<_> = engines
        .iter()
        .map(|engine| {
            let data = (engine.me() == 0).then_some(&[1.5][..]);
            let x = engine.input(0, &[1], data).unwrap();
            x.mul(&x).unwrap().reveal().unwrap()
        })
        .collect();
    rest(&mut world);
    for values in results.into_iter().filter_map(|result| result.now_or_never()?.ok()) {
        assert!((values[0] - 2.25).abs() < 1e-3, "{change:?}: a wrong result, {values:?}");
    }
    let _ = world.parties[0].node.restart();
    rest(&mut world);
    if change.is_none() {
        world.vanish(1);
        world.run();
    }
    let seen = seen.take();
    (world, seen)
}

/// Everything happens; what did not arrive is sent again, and whoever is away is given up at last.
fn rest(world: &mut World) {
    world.run();
    for time in [2, 30, 90] {
        world.wait(Duration::from_secs(time));
        if world.parties.iter().all(Party::is_ready) {
            return;
        }
    }
}

/// All bytes of short messages; of long ones the head, the end, and some between.
fn positions(length: usize) -> Vec<usize> {
    if length <= 24 {
        return (0..length).collect();
    }
    let between = (12..length - 4).step_by(length / 5);
    (0..12).chain(between).chain(length - 4..length).collect()
}

fn complaints(party: &Party) -> Vec<&Error> {
    party.failures().into_iter().chain(party.closed()).collect()
}

#[test]
fn what_comes_through_the_relay() {
    let (_, honest) = live(None);
    let kinds: BTreeSet<_> = honest.iter().map(|seen| seen.kind).collect();
    assert_eq!(kinds, BTreeSet::from(KINDS), "every kind is met");
    for (number, seen) in honest.iter().enumerate() {
        for at in positions(seen.length) {
            assert_refused(Change { number, at, bit: at % 8 });
        }
    }
}

fn assert_refused(change: Change) {
    let (world, seen) = live(Some(change));
    // The departure at the end of the honest run, say.
    let Some(seen) = seen.get(change.number) else { return };
    let (receiver, sender) = (&world.parties[seen.to], &world.parties[1 - seen.to]);
    let context = || format!("{change:?} of {:?}: {:?}", seen.kind, receiver.events);
    let at = change.at % seen.length;
    // Nobody is left in a session of its own, but by silence: what comes from nobody is dropped.
    if at != 1 {
        assert_eq!(receiver.is_ready(), sender.is_ready(), "{}", context());
    }
    for error in complaints(receiver).into_iter().chain(complaints(sender)) {
        // A notice may turn into a refusal, which says what it is.
        let refused = seen.kind == Kind::Joined && matches!(error, Error::Refused(_));
        let blamed = matches!(error.fault(), Fault::Peer | Fault::Relay);
        assert!(blamed || refused, "{}: {error}", context());
    }
    let heard = complaints(receiver);
    match (seen.kind, at) {
        // A packet that turns into a notice.
        (Kind::Signal | Kind::Handshake | Kind::Sealed, 0) => {
            let closed = receiver.closed().map(Error::fault);
            assert_eq!(closed, Some(Fault::Relay), "{}", context());
        }
        (Kind::Welcome | Kind::Joined | Kind::Left | Kind::Signal, _) | (_, 1) => {
            // The relay's own word, and signals, are not authenticated: it can keep the two apart, which
            // it can by silence too. Nobody computes with a lie.
            let agree = world.parties.iter().map(|party| {
                let members = party.node.lobby().members;
                members.into_iter().map(|member| member.fingerprint).collect::<Vec<_>>()
            });
            let agree: Vec<_> = agree.collect();
            assert!(!receiver.is_ready() || agree[0] == agree[1], "{}", context());
        }
        // Once a channel is sealed, it is made anew: what was lost is sent again, once.
        (Kind::Sealed, _) => {
            assert!(receiver.is_ready() && sender.is_ready(), "{}", context());
            assert!(receiver.closed().is_none(), "{}", context());
            for party in [receiver, sender] {
                let said = party.events.iter().filter(|event| matches!(event, Event::Said { .. }));
                assert_eq!(said.count(), 1, "{}", context());
            }
        }
        (Kind::Handshake, _) => {
            // The last of them may be the first that is sealed.
            if seen.before == 1 && receiver.is_ready() {
                return;
            }
            let named = |error: &&Error| match error {
                Error::Peer { complaint, .. } => complaint.starts_with("cannot be trusted: "),
                _ => false,
            };
            assert!(heard.iter().any(named), "the sender is named: {}", context());
            assert!(!receiver.is_ready(), "{}", context());
        }
    }
}

/// A join that is changed lets a party into another room, or not at all: it is alone there.
#[test]
fn what_goes_to_the_relay() {
    let join = ToRelay::Join {
        version: cryptab_wire::VERSION,
        room: [0x5a; 16],
        parties: 2,
        slot: None,
        member: [1; 16],
        expires: 1_800_000_000,
        claim: None,
    };
    let bytes = join.encode();
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert_ne!(ToRelay::decode(&other).ok(), Some(join.clone()), "byte {at}");
    }
}

/// A session whose dealer's packets to alice are changed in one place; how long they are. Which party is
/// sent what depends on the session's name, so a change may find nothing to change.
fn from_dealer(change: Option<Change>) -> (World, Vec<usize>, Vec<Vec<f64>>) {
    let mut world = World::empty(2, "tensor", 7);
    let lengths: Rc<RefCell<Vec<usize>>> = Rc::default();
    let notes = Rc::clone(&lengths);
    world.dealer.tamper = Some(Box::new(move |who, bytes| {
        if who != 0 {
            return;
        }
        let number = notes.borrow().len();
        notes.borrow_mut().push(bytes.len());
        if let Some(change) = change.filter(|change| change.number == number) {
            let at = change.at % bytes.len();
            bytes[at] ^= 1 << change.bit;
        }
    }));
    world.come("alice", Role::Help);
    world.come("bob", Role::Help);
    world.run();
    let engines = world.engines();
    let compute = |engine: &Engine| {
        let data = (engine.me() == 0).then_some(&[1.5, 2.0][..]);
        let x = engine.input(0, &[2], data).unwrap();
        x.mul(&x).unwrap().relu().unwrap().reveal().unwrap()
    };
    let results: Vec<_> = engines.iter().map(compute).collect();
    world.run();
    if !results.is_empty() {
        // The line is made anew.
        world.wait(Duration::from_secs(5));
    }
    let results = results.into_iter().map(|result| result.now_or_never().unwrap().unwrap());
    let results = results.collect();
    (world, lengths.take(), results)
}

#[test]
fn what_comes_from_the_dealer() {
    let (world, lengths, results) = from_dealer(None);
    assert!(world.parties.iter().all(Party::is_ready) && results.len() == 2);
    let mut healed = 0;
    // Handshake, confirmation, seed, and at least one correction.
    assert!(lengths.len() >= 4, "{lengths:?}");
    for (number, &length) in lengths.iter().enumerate() {
        for at in positions(length) {
            let change = Change { number, at, bit: at % 8 };
            let (world, sent, results) = from_dealer(Some(change));
            if sent.len() <= number {
                continue;
            }
            let alice = &world.parties[0];
            // A session that runs asks again for what it cannot verify.
            if alice.times_ready() > 0 {
                for values in &results {
                    let right = (values[0] - 2.25).abs() < 1e-3 && (values[1] - 4.0).abs() < 1e-3;
                    assert!(right, "{change:?}: {values:?}");
                }
                assert_eq!(results.len(), 2, "{change:?}");
                let is_well = |party: &Party| party.is_ready() && party.failures().is_empty();
                assert!(world.parties.iter().all(is_well), "{change:?}: {:?}", alice.events);
                healed += 1;
                continue;
            }
            let faults: Vec<_> = alice.failures().iter().map(|error| error.fault()).collect();
            assert_eq!(faults, [Fault::Dealer], "{change:?}: {:?}", alice.events);
            assert!(!alice.is_ready(), "{change:?}");
            let bob = &world.parties[1];
            assert!(!bob.is_ready() && bob.failures().len() == 1, "{change:?}: {:?}", bob.events);
        }
    }
    assert!(healed > 0, "some changes come once the session runs");
}
