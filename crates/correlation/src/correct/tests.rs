use std::sync::Arc;

use cryptab_tensor::Bits;

use super::*;
use crate::evaluate::WINDOW;
use crate::{
    AndNode, CHUNK, Expander, Exponentials, Known, KnownBits, Moments, Permuted, Run, Structure,
};

const SESSION: SessionId = SessionId([6; 32]);

fn seeds(parties: u8) -> Vec<Seed> {
    (0..parties).map(|i| Seed::derive(&[1; 32], &SESSION, i)).collect()
}

fn expanders(parties: u8) -> Vec<Expander> {
    let seeds = seeds(parties);
    (0..parties).map(|i| Expander::new(&seeds[usize::from(i)], SESSION, i, parties)).collect()
}

fn masks(parties: u8, at: Address, count: usize) -> Vec<u64> {
    let shares: Vec<_> = expanders(parties).iter().map(|e| e.mask(at, count)).collect();
    (0..count).map(|i| shares.iter().fold(0, |sum: u64, s| sum.wrapping_add(s[i]))).collect()
}

fn dealt_ring(parties: u8, request: &Request) -> Vec<u64> {
    let Deal::Ring { bits, .. } = request.deal else { panic!("a tensor") };
    let corrections = Corrector::new(&seeds(parties), SESSION).correct(request).unwrap();
    let mut total: Vec<u64> = Vec::new();
    for (expander, correction) in expanders(parties).iter().zip(&corrections) {
        let share = expander.ring(request, correction).unwrap();
        total.resize(share.len(), 0);
        total.iter_mut().zip(&share).for_each(|(sum, word)| *sum = sum.wrapping_add(*word));
    }
    total.iter().map(|word| if bits == 64 { *word } else { word & ((1 << bits) - 1) }).collect()
}

fn dealt_bits(parties: u8, request: &Request) -> Bits {
    let corrections = Corrector::new(&seeds(parties), SESSION).correct(request).unwrap();
    let shares = expanders(parties).into_iter().zip(&corrections);
    let shares = shares.map(|(expander, correction)| expander.bits(request, correction).unwrap());
    shares.reduce(|a, b| a.xor(&b).unwrap()).unwrap()
}

#[test]
fn a_product_of_masks_is_shared_for_any_number_of_parties_and_across_chunks() {
    for (parties, count) in [(2, 5), (3, 1000), (5, CHUNK + 77), (8, 1), (2, 0)] {
        let [x, y] = [Address::new(0, 0), Address::new(0, 1)];
        let product =
            Known::Product(Arc::new(Known::mask(x, &[count])), Arc::new(Known::mask(y, &[count])));
        for bits in [64, 48, 33, 1] {
            let deal = Deal::Ring { known: product.clone(), bits };
            let request = Request { address: Address::new(1, u32::from(bits)), deal };
            let request = Request::from_bytes(&request.to_bytes()).unwrap();
            let expected: Vec<u64> = masks(parties, x, count)
                .into_iter()
                .zip(masks(parties, y, count))
                .map(|(a, b)| a.wrapping_mul(b) & (u64::MAX >> (64 - bits)))
                .collect();
            assert_eq!(dealt_ring(parties, &request), expected);
        }
    }
}

#[test]
fn one_hot_tables_mark_the_blocks_of_a_mask() {
    for (parties, count) in [(2, 70), (3, CHUNK + 9)] {
        let at = Address::new(3, 0);
        let known = KnownBits::OneHot(Arc::new(Known::mask(at, &[count])), vec![3, 2]);
        let request = Request { address: Address::new(3, 1), deal: Deal::Bits(known) };
        let tables = dealt_bits(parties, &request);
        assert_eq!(tables.planes(), 7 + 3);
        for (i, mask) in masks(parties, at, count).into_iter().enumerate() {
            let bit = |plane: usize| tables.plane(plane)[i / 64] >> (i % 64) & 1 == 1;
            assert!((0..7).all(|v| bit(v) == (mask & 7 == v as u64)));
            assert!((0..3).all(|v| bit(7 + v) == (mask >> 3 & 3 == v as u64)));
        }
    }
}

/// A row of moments does not end where a piece of the evaluation ends.
#[test]
fn rows_of_functions_of_a_mask_go_on_across_pieces() {
    let (len, at) = (3001, Address::new(4, 0));
    let angle =
        Known::Combine(vec![(3, Known::mask(at, &[len])), (u64::MAX, Known::mask(at, &[len]))], 7);
    let angle = Known::Shift(Arc::new(Known::Low(Arc::new(angle), 60)), 2);
    let moments = Moments { bits: 58, scale: 20, multiples: vec![1, 2, 5] };
    let table = Exponentials { index_bits: 2, turn: 50, lowest: -(10 << 24), scale: 17 };
    let angles: Vec<u64> = masks(2, at, len)
        .into_iter()
        .map(|mask| (mask.wrapping_mul(2).wrapping_add(7) & ((1 << 60) - 1)) >> 2)
        .collect();
    let deal = |known: Known, step: u32| {
        let request =
            Request { address: Address::new(4, step), deal: Deal::Ring { known, bits: 64 } };
        dealt_ring(2, &request)
    };
    let found = deal(Known::Moments(Arc::new(angle.clone()), moments.clone()), 1);
    for (row, found) in found.chunks(len).enumerate() {
        let mut expected = vec![0; len];
        moments.fill(row, &angles, &mut expected);
        assert_eq!(found, expected);
    }
    let found = deal(Known::Exponentials(Arc::new(angle), table), 2);
    assert_eq!(found.len(), 4 * len);
    for (row, found) in found.chunks(len).enumerate() {
        let mut expected = vec![0; len];
        table.fill(row, &angles, &mut expected);
        assert_eq!(found, expected);
    }
}

#[test]
fn monomials_are_products_of_mask_bits() {
    [130, 3 * WINDOW + 70].into_iter().for_each(monomials_of_masks);
}

fn monomials_of_masks(len: usize) {
    let node = AndNode::Less { fan_in: 3, with_eq: true };
    let (planes, at) = (node.variables(), Address::new(9, 0));
    let count = u32::try_from(planes).unwrap();
    let variables = KnownBits::Mask { address: at, len: len as u64, planes: count };
    let masks = expanders(3)
        .iter()
        .map(|e| e.mask_bits(at, len, planes))
        .reduce(|a, b| a.xor(&b).unwrap())
        .unwrap();
    let deal = Deal::Bits(KnownBits::Monomials(Arc::new(variables), vec![node]));
    let shared = dealt_bits(3, &Request { address: Address::new(9, 1), deal });
    for (plane, monomial) in node.monomials().into_iter().enumerate() {
        for word in 0..len.div_ceil(64) {
            let factors = (0..planes).filter(|v| monomial >> v & 1 == 1);
            let expected = factors.fold(u64::MAX, |and, v| and & masks.plane(v)[word]);
            assert_eq!(shared.plane(plane)[word], expected);
        }
    }
}

#[test]
fn the_first_of_candidates_has_monomials_of_its_own_pairs() {
    for count in [2_u8, 4, 10] {
        let node = AndNode::First { count };
        let at = Address::new(9, 2);
        let planes = u32::try_from(node.variables()).unwrap();
        let variables = KnownBits::Mask { address: at, len: 65, planes };
        let deal = Deal::Bits(KnownBits::Monomials(Arc::new(variables), vec![node]));
        let request = Request { address: Address::new(9, 3), deal };
        let request = Request::from_bytes(&request.to_bytes()).unwrap();
        assert_eq!(dealt_bits(2, &request).planes(), node.monomial_count());
    }
    let variables = KnownBits::Mask { address: Address::new(9, 2), len: 1, planes: 55 };
    let nodes = vec![AndNode::First { count: 11 }];
    let deal = Deal::Bits(KnownBits::Monomials(Arc::new(variables), nodes));
    let request = Request { address: Address::new(9, 3), deal };
    assert!(Request::from_bytes(&request.to_bytes()).is_err());
}

#[test]
fn rows_are_multiplied_taken_and_turned() {
    let at = Address::new(7, 0);
    let rows = Arc::new(Known::mask(at, &[3, 4]));
    let mask = masks(3, at, 12);
    let deal = |known: Known| {
        let request = Request { address: Address::new(7, 1), deal: Deal::Ring { known, bits: 64 } };
        dealt_ring(3, &Request::from_bytes(&request.to_bytes()).unwrap())
    };
    let products = deal(Known::RowProducts(Arc::clone(&rows), vec![vec![2], vec![0, 1, 0]]));
    for i in 0..4 {
        assert_eq!(products[i], mask[8 + i]);
        assert_eq!(products[4 + i], mask[i].wrapping_mul(mask[4 + i]).wrapping_mul(mask[i]));
    }
    let taken = deal(Known::Structure(Structure::take(1, &[3, 1, 1]), Arc::clone(&rows)));
    let expected: Vec<u64> = (0..3).flat_map(|r| [3, 1, 1].map(|c| mask[4 * r + c])).collect();
    assert_eq!(taken, expected);
    let index_at = Address::new(7, 2);
    let index = Arc::new(Known::mask(index_at, &[5]));
    let by = masks(3, index_at, 5);
    let turned = deal(Known::Turned { table: rows, index });
    for (i, by) in by.iter().enumerate() {
        for d in 0..3 {
            let row = (d as u64 + by % 3) % 3;
            let row = usize::try_from(row).unwrap();
            assert_eq!(turned[(3 * i + d) * 4..][..4], mask[4 * row..][..4]);
        }
    }
}

#[test]
fn rows_and_positions_that_do_not_exist_are_refused() {
    let rows = Arc::new(Known::mask(Address::new(7, 0), &[3, 4]));
    let run = |first, step, count| Run { first, step, count };
    let take = |run| Structure::Take { axis: 0, runs: vec![run] };
    let empty = Arc::new(Known::Zero { shape: vec![0, 2] });
    let structure = |s| Known::Structure(s, Arc::clone(&rows));
    let cases = [
        Known::RowProducts(Arc::clone(&rows), vec![vec![3]]),
        Known::RowProducts(Arc::clone(&rows), vec![vec![]]),
        Known::RowProducts(Arc::new(Known::Zero { shape: vec![] }), vec![vec![0]]),
        structure(take(run(3, 1, 1))),
        structure(take(run(0, 1, 4))),
        structure(take(run(2, -1, 4))),
        structure(take(run(0, 0, 1 << 27))),
        structure(take(run(1, i64::MIN, u64::MAX))),
        structure(Structure::Take { axis: 2, runs: vec![] }),
        Known::Turned { table: Arc::clone(&empty), index: Arc::clone(&rows) },
        Known::Turned {
            table: Arc::clone(&rows),
            index: Arc::new(Known::mask(Address::new(7, 1), &[1 << 26])),
        },
    ];
    for known in cases {
        let request = Request { address: Address::new(7, 3), deal: Deal::Ring { known, bits: 64 } };
        assert!(Request::from_bytes(&request.to_bytes()).is_err(), "{request:?}");
    }
    // Many positions of nothing cost nothing.
    let many = Structure::Take { axis: 0, runs: vec![run(0, 0, 1 << 27)] };
    let known = Known::Structure(many, Arc::new(Known::Zero { shape: vec![1, 0] }));
    let request = Request { address: Address::new(7, 3), deal: Deal::Ring { known, bits: 64 } };
    assert!(dealt_ring(2, &Request::from_bytes(&request.to_bytes()).unwrap()).is_empty());
}

#[test]
fn a_correction_reaches_the_kings_only() {
    let known = Known::mask(Address::new(0, 0), &[2 * CHUNK]);
    let request = Request { address: Address::new(0, 1), deal: Deal::Ring { known, bits: 64 } };
    let corrections = Corrector::new(&seeds(3), SESSION).correct(&request).unwrap();
    let lengths: Vec<usize> = corrections.iter().map(Vec::len).collect();
    assert_eq!(lengths, request.correction_bytes(&SESSION, 3).unwrap());
    assert_eq!(lengths.iter().filter(|&&length| length == 8 * CHUNK).count(), 2);
}

#[test]
fn bad_requests_are_refused() {
    let huge = Known::mask(Address::new(0, 0), &[1 << 40]);
    let odd = Known::Matmul(
        Arc::new(Known::mask(Address::new(0, 0), &[2, 3])),
        Arc::new(Known::mask(Address::new(0, 1), &[2, 3])),
    );
    for known in [huge, odd] {
        let request = Request { address: Address::new(0, 2), deal: Deal::Ring { known, bits: 64 } };
        assert!(Request::from_bytes(&request.to_bytes()).is_err());
    }
    let good = Request {
        address: Address::new(0, 2),
        deal: Deal::Ring { known: Known::Zero { shape: vec![4] }, bits: 64 },
    };
    let mut trailing = good.to_bytes();
    trailing.push(0);
    assert!(Request::from_bytes(&trailing).is_err());
    assert!(Request::from_bytes(&good.to_bytes()[..3]).is_err());
    assert!(expanders(2)[0].ring(&good, &[0; 31]).is_err());
}

/// A party that asks for zeros where a mask is expanded must not learn the others' shares of it.
#[test]
fn asking_for_something_else_at_an_address_shows_nothing_of_the_mask() {
    let at = Address::new(5, 0);
    let deal = Deal::Ring { known: Known::Zero { shape: vec![64] }, bits: 64 };
    let request = Request { address: at, deal };
    let king = Kings::new(&SESSION, at, 2).of(0);
    let correction =
        &Corrector::new(&seeds(2), SESSION).correct(&request).unwrap()[usize::from(king)];
    let others = expanders(2)[1 - usize::from(king)].mask(at, 64);
    let negated: Vec<u8> =
        others.iter().flat_map(|share| share.wrapping_neg().to_le_bytes()).collect();
    assert_ne!(*correction, negated);
    assert!(correction.chunks(8).zip(negated.chunks(8)).all(|(a, b)| a != b));
}

#[test]
fn a_permutation_moves_rows_for_any_number_of_parties() {
    for (parties, player) in [(2, 1), (3, 0), (5, 4)] {
        let deal = Deal::Shuffle { player, rows: 7, columns: 2 };
        let request = Request { address: Address::new(8, 0), deal };
        let request = Request::from_bytes(&request.to_bytes()).unwrap();
        let corrections = Corrector::new(&seeds(parties), SESSION).correct(&request).unwrap();
        let lengths: Vec<usize> = corrections.iter().map(Vec::len).collect();
        assert_eq!(lengths, request.correction_bytes(&SESSION, parties).unwrap());
        let (mut hidden, mut kept) = (vec![0_u64; 14], vec![0_u64; 14]);
        let mut own = None;
        for (expander, correction) in expanders(parties).iter().zip(&corrections) {
            assert!(expander.accepts(&request, correction));
            assert!(!expander.accepts(&request, &[&correction[..], &[0]].concat()));
            assert!(expander.ring(&request, correction).is_err());
            match expander.permuted(&request, correction).unwrap() {
                Permuted::Player { order, delta } => own = Some((order, delta)),
                Permuted::Other { hide, keep } => {
                    hidden.iter_mut().zip(hide).for_each(|(sum, x)| *sum = sum.wrapping_add(x));
                    kept.iter_mut().zip(keep).for_each(|(sum, x)| *sum = sum.wrapping_add(x));
                }
            }
        }
        let (order, delta) = own.unwrap();
        let mut rows = order.clone();
        rows.sort_unstable();
        assert_eq!(rows, (0..7).collect::<Vec<_>>());
        for (i, delta) in delta.into_iter().enumerate() {
            let from = order[i / 2] * 2 + i % 2;
            assert_eq!(delta, hidden[from].wrapping_add(kept[i]));
        }
    }
    for (player, rows, columns) in [(2, 1, 1), (0, 1 << 29, 1), (0, 1 << 27, 4), (0, 1 << 40, 0)] {
        let deal = Deal::Shuffle { player, rows, columns };
        let request = Request { address: Address::new(8, 0), deal };
        let read = Request::from_bytes(&request.to_bytes());
        assert!(read.and_then(|r| Corrector::new(&seeds(2), SESSION).correct(&r)).is_err());
    }
}

#[test]
fn sums_of_several_shapes_are_computed_once_at_every_level() {
    let mut known = Known::mask(Address::new(0, 0), &[2]);
    for _ in 0..200 {
        let one = Known::Zero { shape: vec![1] };
        known = Known::Combine(vec![(1, known), (1, one)], 1);
    }
    let request = Request { address: Address::new(1, 0), deal: Deal::Ring { known, bits: 64 } };
    let request = Request::from_bytes(&request.to_bytes()).unwrap();
    let masks = masks(2, Address::new(0, 0), 2);
    let expected: Vec<u64> = masks.iter().map(|mask| mask.wrapping_add(200)).collect();
    assert_eq!(dealt_ring(2, &request), expected);
}

#[test]
fn the_deepest_expressions_are_answered() {
    let mut known = Known::mask(Address::new(0, 0), &[CHUNK + 1]);
    for _ in 0..240 {
        known = Known::Combine(vec![(3, known)], 7);
    }
    let request = Request { address: Address::new(1, 0), deal: Deal::Ring { known, bits: 64 } };
    let request = Request::from_bytes(&request.to_bytes()).unwrap();
    let deep = |mask: u64| (0..240).fold(mask, |x, _| x.wrapping_mul(3).wrapping_add(7));
    let expected: Vec<u64> =
        masks(2, Address::new(0, 0), CHUNK + 1).into_iter().map(deep).collect();
    assert_eq!(dealt_ring(2, &request), expected);
}

#[test]
fn an_empty_axis_hides_no_others() {
    let long = Known::Zero { shape: vec![0, 1 << 28, 1 << 28, 32] };
    let sum = Structure::Sum { axes: vec![0, 1, 2], keep: false };
    let known = Known::Structure(sum, Arc::new(long));
    let request = Request { address: Address::new(1, 0), deal: Deal::Ring { known, bits: 64 } };
    assert!(Corrector::new(&seeds(2), SESSION).correct(&request).is_err());
}

#[test]
fn bits_beyond_the_number_change_nothing() {
    let mask = Arc::new(Known::mask(Address::new(0, 0), &[3]));
    for (known, kept) in [(Known::Low(mask.clone(), 65), true), (Known::Shift(mask, 64), false)] {
        let request = Request { address: Address::new(1, 0), deal: Deal::Ring { known, bits: 64 } };
        let masks = masks(2, Address::new(0, 0), 3).into_iter();
        let expected: Vec<u64> = masks.map(|mask| if kept { mask } else { 0 }).collect();
        assert_eq!(dealt_ring(2, &request), expected);
    }
}
