//! All cases of tier A, and where each is.

use std::collections::BTreeSet;

use crate::excluded::{EXCLUDED, PARTLY};
use crate::{
    arithmetic, arrangement, binary, comparison, convolution, linear, mistakes, order, pooling,
    random, selection, sharing, smooth, statistics,
};

/// A test of the name of each case, and the names of all.
macro_rules! cases {
    ($($id:ident: $run:path,)*) => {
        const TABLE: &[&str] = &[$(stringify!($id)),*];
        $(#[test] fn $id() { $run() })*
    };
}

cases! {
    c01: mistakes::odd_powers,
    c02: mistakes::powers_of_negative_numbers,
    c04: mistakes::negative_powers,
    c05: mistakes::norm_of_order_five,
    c06: mistakes::large_norm,
    c07: mistakes::cosine_of_large_vectors,
    c08: mistakes::error_function,
    c09: mistakes::negative_numbers_are_shared,
    c10: mistakes::more_than_single_precision,
    c11: mistakes::reals_are_not_cut,
    c12: mistakes::encoding_rounds,
    c13: mistakes::small_constants,
    c14: mistakes::joined_kinds,
    c15: mistakes::stacked_kinds,
    c16: mistakes::assigned_kinds,
    c17: mistakes::scattered_kinds,
    c18: mistakes::added_kinds,
    c19: mistakes::arguments_stay,
    c20: mistakes::bits_are_divided,
    c21: binary::c21,
    c22: mistakes::public_tensors_are_joined,
    c23: mistakes::corrections,
    c24: mistakes::padding_is_below_everything,
    c25: mistakes::long_sums,
    c26: mistakes::large_exponentials,
    c27: mistakes::small_exponentials,
    c28: mistakes::sigmoid_is_monotone,
    c29: mistakes::tanh_of_zero,
    c30: mistakes::reciprocals_of_all_magnitudes,
    c31: mistakes::logarithms_of_all_magnitudes,
    c32: mistakes::roots_of_all_magnitudes,
    c33: mistakes::inverse_roots_of_all_magnitudes,
    c34: mistakes::waves_far_from_zero,
    c35: mistakes::equal_logits,
    c36: mistakes::logarithms_of_equal_logits,
    c37: mistakes::masked_logits,
    c38: mistakes::quotients_of_large_numbers,
    c39: mistakes::a_million_products,
    c40: mistakes::products_of_fine_numbers,
    c41: mistakes::ties_are_not_random,
    c42: mistakes::sign_of_zero,
    c43: mistakes::ceiling_of_average_pools,
    c44: mistakes::padding_that_does_not_count,
    c45: binary::c45,
    c46: mistakes::misspelt_parameters,
    g01: sharing::g01,
    g02: sharing::g02,
    g03: sharing::g03,
    g04: sharing::g04,
    g05: arithmetic::g05,
    g06: arithmetic::g06,
    g07: arithmetic::g07,
    g08: arithmetic::g08,
    g09: linear::g09,
    g10: linear::g10,
    g11: convolution::g11,
    g12: convolution::g12,
    g13: convolution::g13,
    g14: convolution::g14,
    g15: convolution::g15,
    g16: convolution::g16,
    g17: linear::g17,
    g18: comparison::g18,
    g19: comparison::g19,
    g20: comparison::g20,
    g21: comparison::g21,
    g22: order::g22,
    g23: pooling::g23,
    g24: pooling::g24,
    g25: pooling::g25,
    g26: pooling::g26,
    g27: smooth::g27,
    g28: smooth::g28,
    g29: smooth::g29,
    g30: smooth::g30,
    g31: smooth::g31,
    g32: smooth::g32,
    g33: smooth::g33,
    g34: statistics::g34,
    g35: smooth::g35,
    g36: smooth::g36,
    g37: smooth::g37,
    g38: smooth::g38,
    g39: smooth::g39,
    g40: arrangement::g40,
    g41: arrangement::g41,
    g42: arrangement::g42,
    g43: arrangement::g43,
    g44: arrangement::g44,
    g45: selection::g45,
    g46: arrangement::g46,
    g47: binary::g47,
    g48: binary::g48,
    g49: sharing::g49,
    g50: random::g50,
    g51: random::g51,
    g55: statistics::g55,
    g62: order::g62,
    g63: selection::g63,
    g64: statistics::g64,
}

/// Cases of tier A: C with some left out, G with some left out.
fn tier_a() -> BTreeSet<String> {
    let c = (1..=46).filter(|n| *n != 3).map(|n| format!("c{n:02}"));
    let g = (1..=51).filter(|n| *n != 26).chain([55, 62, 63]).map(|n| format!("g{n:02}"));
    c.chain(g).collect()
}

#[test]
fn every_case_is_tested_or_excluded() {
    let tested: BTreeSet<String> = TABLE.iter().map(|&id| id.to_owned()).collect();
    let excluded: BTreeSet<String> = EXCLUDED.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(tested.len(), TABLE.len());
    assert_eq!(excluded.len(), EXCLUDED.len());
    let both: Vec<&String> = tested.intersection(&excluded).collect();
    assert!(both.is_empty(), "{both:?} need not be excluded");
    let known: BTreeSet<String> = tested.union(&excluded).cloned().collect();
    let missing: Vec<String> = tier_a().difference(&known).cloned().collect();
    assert!(missing.is_empty(), "{missing:?} are neither tested nor excluded");
    assert!(PARTLY.iter().all(|(id, _)| tested.contains(*id)));
}
