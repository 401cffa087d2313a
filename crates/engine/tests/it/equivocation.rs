//! A party that sends different shares of one opening to different peers.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cryptab_engine::{Engine, Error, Peer, Result, Secret};
use cryptab_testkit::{Action, Endpoint, Envelope, World};
use cryptab_wire::EngineMessage;
use futures::FutureExt as _;

use crate::common::input;

const ELEMENTS: usize = 70;
const DIGEST: usize = 32;

fn program(engine: &Engine) -> Result<Secret> {
    let x = input(engine, 0, &[ELEMENTS], &[1.5; ELEMENTS])?;
    x.mul(&input(engine, 1, &[ELEMENTS], &[2.0; ELEMENTS])?)?.relu()
}

/// Of a frame: operation, place and length of every payload.
fn payloads(bytes: &[u8]) -> Vec<(u32, usize, usize)> {
    let Ok(EngineMessage::Frame(frame)) = EngineMessage::parse(bytes) else {
        return Vec::new();
    };
    let mut start = bytes.len() - frame.payloads.iter().map(|(_, p)| p.len()).sum::<usize>();
    let mut place = |((op, _), payload): ((u32, u32), &[u8])| {
        start += payload.len();
        (op, start - payload.len(), payload.len())
    };
    frame.payloads.into_iter().map(&mut place).collect()
}

/// The digests that parties sent, by sender and receiver, in order.
type Digests = BTreeMap<(u8, u8), Vec<[u8; DIGEST]>>;

/// Party `rogue` flips a bit of its `opening`-th frame to `victim` and to nobody else. With what a
/// former run has shown it gives every peer the digest that this peer has.
struct Rogue {
    rogue: u8,
    victim: u8,
    opening: usize,
    knows: Option<Digests>,
}

impl Rogue {
    /// Runs the program; what the parties got, the digests, and how many shares of the result
    /// honest parties sent.
    fn run(self, parties: u8) -> (Vec<Result<Vec<f64>>>, Digests, usize) {
        let world = World::new(parties, 3);
        world.network().record();
        let own = world.engines().iter().map(program).collect::<Result<Vec<_>>>().unwrap();
        let result = world.engines()[0].program().len();
        let result = u32::try_from(result).unwrap();
        let pending: Vec<_> = own.iter().map(|secret| secret.reveal().unwrap()).collect();
        let (rogue, seen) = (self.rogue, Rc::new(RefCell::new(Digests::new())));
        let noted = Rc::clone(&seen);
        let mut frames = 0;
        world.network().intercept(move |envelope| {
            let Envelope { from: Endpoint::Party(from), to: Endpoint::Party(to), bytes, .. } =
                envelope
            else {
                return Action::Deliver;
            };
            let mut bytes = bytes.clone();
            for (op, at, length) in payloads(&bytes) {
                if op == result && length == DIGEST {
                    let digest = &mut bytes[at..at + length];
                    let count = {
                        let mut noted = noted.borrow_mut();
                        let sent = noted.entry((*from, *to)).or_default();
                        sent.push(digest.try_into().unwrap());
                        sent.len() - 1
                    };
                    if let (true, Some(knows)) = (*from == self.rogue, &self.knows) {
                        digest.copy_from_slice(&knows[&(*to, self.rogue)][count]);
                    }
                } else if (*from, *to) == (self.rogue, self.victim) {
                    if frames == self.opening {
                        bytes[at] ^= 1;
                    }
                    frames += 1;
                    break;
                }
            }
            Action::Alter(bytes)
        });
        world.run();
        let results = pending.into_iter().map(|result| result.now_or_never());
        let results = results.map(|result| result.unwrap_or(Err(Error::Ended))).collect();
        let revealed = |envelope: &&Envelope| {
            let shares = payloads(&envelope.bytes);
            envelope.from != Endpoint::Party(rogue)
                && shares.iter().any(|(op, _, length)| *op == result && *length != DIGEST)
        };
        let network = world.network();
        let revealed = network.recorded().iter().filter(revealed).count();
        drop(network);
        drop(world);
        (results, Rc::try_unwrap(seen).expect("the world is gone").into_inner(), revealed)
    }
}

/// What two parties both owned is opened by its owner, the rest by all: four rounds.
const OPENINGS: usize = 4;

#[test]
fn no_honest_party_reveals_when_views_differ() {
    for parties in [3, 5] {
        for (rogue, victim) in [(0, 1), (1, 0), (0, parties - 1), (parties - 1, 1)] {
            // The last does not own an input: it sends nothing in the first round.
            let openings = if rogue < 2 { OPENINGS } else { OPENINGS - 1 };
            for opening in 0..openings {
                let name = format!("{rogue} of {parties} deceives {victim} in frame {opening}");
                let first = Rogue { rogue, victim, opening, knows: None };
                let (results, digests, revealed) = first.run(parties);
                assert_eq!(revealed, 0, "{name}");
                assert!(results.iter().all(Result::is_err), "{name}: {results:?}");
                let second = Rogue { rogue, victim, opening, knows: Some(digests) };
                let (results, _, revealed) = second.run(parties);
                assert_eq!(revealed, 0, "{name}, and says what each wants to hear");
                for (party, result) in (0..parties).zip(results) {
                    if party == rogue {
                        continue;
                    }
                    let Err(Error::Equivocation { peer: Peer::Party(peer) }) = result else {
                        panic!("{name}: party {party} has {result:?}")
                    };
                    // Whoever saw what the others saw names the victim, the victim the first of them.
                    let other = (0..parties).find(|party| ![rogue, victim].contains(party));
                    let named = if party == victim { other.unwrap() } else { victim };
                    assert_eq!(peer, named, "{name}: party {party}");
                }
            }
        }
    }
}

#[test]
fn the_error_says_that_it_may_be_a_third_one() {
    let error = Error::Equivocation { peer: Peer::Party(2) };
    assert_eq!(
        error.to_string(),
        "party 2's view of what was opened differs from this party's: one of the parties sent \
         different shares to different peers"
    );
}

/// Two parties compare nothing: whoever lies has one peer only.
#[test]
fn two_parties_have_no_digests() {
    let (results, digests, revealed) =
        Rogue { rogue: 0, victim: 1, opening: 9, knows: None }.run(2);
    assert!(results.iter().all(Result::is_ok) && digests.is_empty());
    assert_eq!(revealed, 1);
}

/// What is opened to all before, in any order of arrival, is one view.
#[test]
fn honest_parties_agree_whatever_comes_first() {
    for parties in [3, 5] {
        for seed in 1..=40_u64 {
            let world = World::new(parties, seed);
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            world.network().intercept(move |_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                // One in four is late, by up to five round trips.
                Action::Delay(if state.is_multiple_of(4) { state % 10_000 } else { 0 })
            });
            let pending: Vec<_> = world
                .engines()
                .iter()
                .map(|engine| {
                    let product = program(engine).unwrap();
                    let short = input(engine, 2, &[3], &[0.25, -1.0, 3.0]).unwrap();
                    let (short, curve) = (short.abs().unwrap(), short.sigmoid().unwrap());
                    let sum = product.sum(&[0], false).unwrap();
                    let largest = curve.max(0, false).unwrap().0;
                    let first = (short.reveal().unwrap(), largest.reveal_to(1).unwrap());
                    let mixed = curve.mul(&short).unwrap().to_binary().unwrap();
                    (first, sum.reveal().unwrap(), mixed.reveal().unwrap())
                })
                .collect();
            world.run();
            for (short, sum, mixed) in pending {
                let done = |result: Option<Result<Vec<f64>>>| {
                    result.expect("the world has come to rest").expect("nobody lies")
                };
                assert_eq!(done(short.0.now_or_never()).len(), 3, "seed {seed}");
                assert!(short.1.now_or_never().unwrap().is_ok(), "seed {seed}");
                let sum = done(sum.now_or_never())[0];
                assert!((sum - 210.0).abs() < 1e-2, "seed {seed}: {sum}");
                assert_eq!(done(mixed.now_or_never()).len(), 3, "seed {seed}");
            }
        }
    }
}
