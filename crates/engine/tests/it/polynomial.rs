//! What smooth functions cost where they are evaluated by polynomials: rounds and openings are
//! those of the specification, the dealer's bits are those of this evaluator.

use cryptab_engine::{Engine, Evaluator, Format, Result, Secret};

use crate::cost::{Bits, N, check_in, x, y};

fn costs(name: &str, expected: Bits, program: impl Fn(&Engine) -> Result<Secret>) {
    let format = Format { evaluator: Evaluator::Polynomial, ..Format::default() };
    check_in(format, name, expected, N, program);
}

#[test]
fn functions_cost_the_dealer_more() {
    costs("sin", (2, 47, 797), |e| x(e)?.sin());
    costs("cos", (2, 47, 797), |e| x(e)?.cos());
    costs("sigmoid", (3, 99, 3421), |e| x(e)?.sigmoid());
    costs("tanh", (3, 100, 3435), |e| x(e)?.tanh());
    costs("erf", (3, 99, 2381), |e| x(e)?.erf());
    costs("gelu", (3, 102, 2726), |e| x(e)?.gelu());
    costs("silu", (3, 103, 4324), |e| x(e)?.silu());
    costs("mish", (3, 103, 5148), |e| x(e)?.mish());
    costs("softplus", (3, 103, 3372), |e| x(e)?.softplus());
    costs("reciprocal", (5, 335, 11_247), |e| x(e)?.reciprocal());
    costs("reciprocal, x > 0", (5, 207, 8583), |e| x(e)?.reciprocal_positive());
    costs("rsqrt", (5, 184, 11_255), |e| x(e)?.rsqrt());
    costs("sqrt", (5, 199, 9412), |e| x(e)?.sqrt());
    costs("log", (5, 188, 9099), |e| x(e)?.log());
    costs("log2", (5, 188, 9227), |e| x(e)?.log2());
    costs("log10", (5, 188, 7968), |e| x(e)?.log10());
    costs("div", (6, 459, 12_767), |e| x(e)?.div(&y(e)?));
}

#[test]
fn exponentials_cost_the_same() {
    costs("exp", (3, 128, 2843), |e| x(e)?.exp());
    costs("exp of 32 bits", (3, 112, 2429), |e| x(e)?.within(31)?.exp());
}
