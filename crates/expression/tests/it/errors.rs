//! What errors say, and where they point.

use crate::sample::{in_clear, in_private};

fn error(text: &str) -> String {
    in_clear(text).unwrap_err().to_string()
}

#[test]
fn unknown_names_have_near_ones() {
    assert_eq!(
        error("x + sofmax(x, dim=1)"),
        "unknown function `sofmax`; near: softmax\n  \
         x + sofmax(x, dim=1)\n      ^^^^^^"
    );
    assert_eq!(error("x + X"), "unknown input `X`; near: x\n  x + X\n      ^");
    assert_eq!(error("zzzzzzzzz(x)"), "unknown function `zzzzzzzzz`\n  zzzzzzzzz(x)\n  ^^^^^^^^^");
}

#[test]
fn wrong_arguments_show_the_signature() {
    assert_eq!(
        error("softmax(x)"),
        "softmax: `dim` is missing; it is softmax(input: tensor, dim: int)\n  \
         softmax(x)\n  ^^^^^^^^^^"
    );
    assert_eq!(
        error("softmax(x, axis=1)"),
        "softmax: no parameter is called `axis`; it is softmax(input: tensor, dim: int)\n  \
         softmax(x, axis=1)\n             ^^^^"
    );
    assert_eq!(
        error("softmax(x, 1, dim=1)"),
        "softmax: `dim` is given twice; it is softmax(input: tensor, dim: int)\n  \
         softmax(x, 1, dim=1)\n                ^^^"
    );
    assert_eq!(
        error("relu(x, 1)"),
        "relu: it takes at most 1 arguments; it is relu(input: tensor)\n  relu(x, 1)\n          ^"
    );
    assert_eq!(
        error("softmax(x, dim=0.5)"),
        "softmax: `dim` takes an integer, not the number 0.5; \
         it is softmax(input: tensor, dim: int)\n  softmax(x, dim=0.5)\n                 ^^^"
    );
    let overloads = error("max(x, dim='a')");
    assert!(
        overloads.starts_with("max: `dim` takes an integer, not 'a'; it is max("),
        "{overloads}"
    );
    assert!(overloads.contains(" or max(input: tensor, other: tensor)"), "{overloads}");
}

#[test]
fn shape_errors_name_the_function_and_both_shapes() {
    assert_eq!(
        error("relu(x @ y)"),
        "matmul: shapes [2, 3] and [2, 3] do not fit: \
         the last axis on the left must equal the last but one on the right\n  \
         relu(x @ y)\n         ^"
    );
    assert_eq!(
        error("x + z * 2"),
        "add: shapes [2, 3] and [2, 3, 4] do not broadcast\n  x + z * 2\n    ^"
    );
    let text = error("relu(conv2d(i, w))");
    assert!(text.starts_with("conv2d: shapes [2, 4, 5, 6] and [6, 2, 3, 2] do not fit"), "{text}");
    assert!(text.ends_with("\n  relu(conv2d(i, w))\n       ^^^^^^^^^^^^"), "{text}");
    assert_eq!(
        error("x.sum(dim=2)"),
        "sum: there is no axis 2, the tensor has 2\n  x.sum(dim=2)\n    ^^^^^^^^^^"
    );
    assert_eq!(error("x[:, 5]"), "index: there is no 5 on axis 1, of size 3\n  x[:, 5]\n   ^^^^^^");
    assert_eq!(
        error("x[0, 0, 0]"),
        "index: 3 indices for a tensor of shape [2, 3]\n  x[0, 0, 0]\n   ^^^^^^^^^"
    );
    assert!(error("x[::0]").starts_with("index: a slice's step must not be 0"));
    assert!(error("x[0.5]").starts_with("expected an integer, a slice"));
    assert!(error("x.foo").starts_with("a tensor of shape [2, 3] has no attribute `foo`"));
}

#[test]
fn private_errors_point_at_their_call_too() {
    let error = in_private("x + atan(x)", 2).unwrap_err().to_string();
    assert_eq!(
        error,
        "atan: takes public tensors only; there is no private form of it yet\n  \
         x + atan(x)\n      ^^^^^^^"
    );
}

#[test]
fn no_function_panics_on_odd_arguments() {
    use cryptab_expression::signatures;
    let odd = [
        "x",
        "0",
        "-1",
        "7",
        "None",
        "()",
        "(0, 0)",
        "(-1, 9)",
        "True",
        "'word'",
        "0.5",
        "(x, y)",
        "zeros(0)",
        "zeros(0, 3)",
        "tensor(1)",
        "z",
        "i",
        "(1, 1, 1, 1)",
    ];
    for (text, _) in signatures() {
        let name = text.split('(').next().unwrap();
        for a in odd {
            let _ = in_clear(&format!("{name}({a})"));
            for b in odd {
                let _ = in_clear(&format!("{name}({a}, {b})"));
                for c in odd {
                    let _ = in_clear(&format!("{name}({a}, {b}, {c})"));
                }
            }
        }
    }
}
