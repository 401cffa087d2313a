use super::parse;
use crate::tree::{Item, Literal, Node, NodeKind};
use crate::{Expression, Scope};

/// The tree in prefix form.
fn drawn(node: &Node) -> String {
    match &node.kind {
        NodeKind::Name(name) => name.clone(),
        NodeKind::Literal(Literal::Integer(number)) => number.to_string(),
        NodeKind::Literal(Literal::Real(number)) => format!("{number:?}"),
        NodeKind::Literal(Literal::Text(text)) => format!("'{text}'"),
        NodeKind::Literal(literal) => format!("{literal:?}"),
        NodeKind::Tuple(parts) => format!("[{}]", list(parts.iter().map(drawn))),
        NodeKind::Call(call) => {
            let arguments = call.arguments.iter().map(|argument| match &argument.name {
                Some((name, _)) => format!("{name}={}", drawn(&argument.value)),
                None => drawn(&argument.value),
            });
            format!("({} {})", call.function, list(arguments))
        }
        NodeKind::Attribute { of, name, .. } => format!("{}.{name}", drawn(of)),
        NodeKind::Index { of, items, .. } => {
            let item = |item: &Item| match item {
                Item::Ellipsis => "...".to_owned(),
                Item::At(node) => drawn(node),
                Item::Range(parts) => {
                    let part = |part: &Option<Node>| part.as_ref().map_or("_".into(), drawn);
                    parts.iter().map(part).collect::<Vec<_>>().join(":")
                }
            };
            format!("{}[{}]", drawn(of), list(items.iter().map(item)))
        }
    }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().in_text(text).to_string()
}

#[test]
fn precedence_is_pythons() {
    for (text, tree) in [
        ("1 + 2 * 3", "(add 1 (mul 2 3))"),
        ("a - b - c", "(sub (sub a b) c)"),
        ("-x ** 2", "(neg (pow x 2))"),
        ("2 ** -x ** y", "(pow 2 (neg (pow x y)))"),
        ("a @ b + c", "(add (matmul a b) c)"),
        ("a < b & c", "(lt a (bitwise_and b c))"),
        ("~(a < b) | c ^ d", "(bitwise_or (bitwise_not (lt a b)) (bitwise_xor c d))"),
        ("(a + b) * c", "(mul (add a b) c)"),
        ("a // b % c", "(remainder (floor_divide a b) c)"),
        ("-x.T", "(neg x.T)"),
    ] {
        assert_eq!(drawn(&parse(text).unwrap()), tree, "{text}");
    }
}

#[test]
fn calls_methods_tuples_and_indices() {
    for (text, tree) in [
        ("softmax(x, dim=1)", "(softmax x dim=1)"),
        ("x.sum(dim=0, keepdim=True)", "(sum x dim=0 keepdim=Bool(true))"),
        ("x.where(c, y)", "(where c x y)"),
        ("f()", "(f )"),
        ("f(a,)", "(f a)"),
        ("cat([x, y], 1)", "(cat [x y] 1)"),
        ("(x,)", "[x]"),
        ("()", "[]"),
        ("x, y", "[x y]"),
        ("x[1:3, ::-1, None, ..., -1]", "x[1:3:_ _:_:(neg 1) None ... (neg 1)]"),
        ("x[:][2:]", "x[_:_:_][2:_:_]"),
        ("x[[0, 2]]", "x[[0 2]]"),
        ("max(x, dim=1)[0].T", "(max x dim=1)[0].T"),
        (
            "pad(x, (1, 2), mode='reflect', value=-1.5)",
            "(pad x [1 2] mode='reflect' value=(neg 1.5))",
        ),
    ] {
        assert_eq!(drawn(&parse(text).unwrap()), tree, "{text}");
    }
}

#[test]
fn errors_point_at_the_place() {
    for (text, says) in [
        (
            "softmax(x, dim=1",
            "expected `,` or `)`, found the end\n  softmax(x, dim=1\n                  ^",
        ),
        ("x + ", "expected a name, a number or `(`, found the end\n  x + \n      ^"),
        ("x + * y", "expected a name, a number or `(`, found `*`\n  x + * y\n      ^"),
        ("x y", "expected an operator or the end, found `y`\n  x y\n    ^"),
        (
            "x > 0 and y > 0",
            "expected an operator or the end, found `and` (on tensors: `&`)\n  \
             x > 0 and y > 0\n        ^^^",
        ),
        ("a < b < c", "comparisons do not chain; write (a < b) & (b < c)\n  a < b < c\n        ^"),
        ("x[]", "expected an index, found `]`\n  x[]\n    ^"),
        ("x[1", "expected `,`, `:` or `]`, found the end\n  x[1\n     ^"),
        (
            "f(dim=1, x)",
            "expected a named argument: those without a name come first\n  f(dim=1, x)\n           ^",
        ),
        ("x.3", "expected an operator or the end, found `0.3`\n  x.3\n   ^^"),
        ("x.", "expected a name after `.`, found the end\n  x.\n    ^"),
        ("(a, b", "expected `,` or `)`, found the end\n  (a, b\n       ^"),
        ("x = 1", "expected an operator or the end, found `=` (equality is `==`)\n  x = 1\n    ^"),
        ("größe + é $", "`$` has no meaning here\n  größe + é $\n            ^"),
        ("f(x,\n  y ? z)", "`?` has no meaning here\n    y ? z)\n      ^"),
        ("", "expected a name, a number or `(`, found the end\n  \n  ^"),
    ] {
        assert_eq!(error(text), says, "{text}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = |depth: usize| format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&deep(150)).is_ok());
    assert!(error(&deep(5000)).starts_with("the expression is nested too deeply"));
    assert!(error(&"-".repeat(5000)).starts_with("the expression is nested too deeply"));
}

#[test]
fn a_long_chain_is_refused_before_the_stack_ends() {
    for link in ["+x", ".T", "[0]", ".f()"] {
        let chain = |links: usize| format!("x{}", link.repeat(links));
        let longest = Expression::parse(&chain(300)).unwrap();
        assert!(longest.evaluate(&Scope::clear()).is_err(), "there is no x");
        let error = error(&chain(100_000));
        assert!(error.starts_with("more than 300 operators"), "{error}");
    }
}
