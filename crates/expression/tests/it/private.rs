//! Private results are the clear ones, for every function and several parties.

use cryptab_expression::{Chance, Expression, Scope, Tensor, Value, signatures};

use crate::sample::{in_clear, in_private};

/// Exact.
const EXACT: &[&str] = &[
    "x + y - 0.5",
    "2 - x",
    "rsub(x, y)",
    "x + v",
    "add(x, y, alpha=2)",
    "-x",
    "+x",
    "x * 3",
    "n * n - 7",
    "n @ n.T",
    "n + tensor([1, 2, 3])",
    "abs(x)",
    "relu(x)",
    "relu6(x)",
    "hardtanh(x, -1.5, 2.25)",
    "threshold(x, 1.25, -20)",
    "hardshrink(x)",
    "softshrink(x, 1.5)",
    "clamp(x, min=0.5)",
    "clamp(x, max=-0.5)",
    "x.clip(-1.5, 2.25)",
    "clamp(x, min=v, max=y)",
    "clamp(x, 2, 1)",
    "clamp(n, -2, 2)",
    "maximum(x, y), minimum(x, y), maximum(x, 0.5)",
    "x < y, x <= y, x > y, x >= y, x == y, x != y",
    "x > 0.5, 0.5 > x, n == 2, n != v",
    "where(x > 0, x, y)",
    "where(x > y, v, 1)",
    "where(c[:, :1], x, y)",
    "where(tensor([True, False, True]), x, y)",
    "x.where(c, y)",
    "masked_fill(x, c, -3)",
    "sign(x), sign(n)",
    "floor(x), ceil(x), trunc(x), frac(x), round(x)",
    "round(tensor([0.5, 1.5, 2.5, -0.5, -1.5, 0.25]) + 0 * x.flatten())",
    "sum(x), x.sum(dim=0, keepdim=True), x.sum(1), c.sum(), z.sum(dim=(0, -1))",
    "c & d, c | d, c ^ d, c & (x > 0), c & tensor([True, False, True])",
    "logical_and(x, c), logical_or(n, 0), logical_xor(n, c), bitwise_and(c, d), bitwise_or(c, d)",
    "bitwise_xor(c, d), any(c), all(x), c.any(1), c.all(dim=0, keepdim=True), count_nonzero(n)",
    "z.count_nonzero(dim=(0, 2)), where(c, 1, 2), where(c, n, 0.5), c[:, ::2] & d[:, 1:]",
    "max(x), min(z), max(x, dim=1), min(z, -1, keepdim=True), max(n, 0), max(x, y), min(x, v)",
    "amax(z, dim=(0, 2)), amin(x, 1, keepdim=True), z.amax(), aminmax(x), aminmax(x, dim=0)",
    "argmax(x), argmin(x), argmax(n, dim=1), argmin(z, dim=2, keepdim=True), n.argmax(0)",
    "norm(x, 1), x.norm(p=0, dim=1), norm(x, tensor(1e999)), prod(n, dim=0), n.prod(1, keepdim=True)",
    "cumsum(x, 1), cumsum(n, dim=0), z.cumsum(-1)",
    "max_pool2d(i, 2), max_pool2d(i, 3, stride=2, padding=1, return_indices=True)",
    "max_pool2d(i, (2, 3), dilation=(2, 1), ceil_mode=True), max_pool1d(s, 3, 2, 1)",
    "max_pool3d(z.reshape(1, 2, 3, 4), 2), adaptive_max_pool2d(i, (2, 4)), adaptive_max_pool1d(s, 3)",
    "one_hot(k, 5), embedding(k, m.repeat(2, 1)[:5]), index_select(m.repeat(2, 1), 0, k)",
    "gather(x, 1, tensor([[0, 2], [1, 1]])), gather(z, 0, tensor([[[1]]]))",
    "~c, logical_not(x), logical_not(c)",
    "n & 3, n | 1, n ^ k[0], ~n, n & c, c | n, n & n * 5, bitwise_and(n, tensor([1, 3, 6]))",
    "n << 3, n >> 1, bitwise_left_shift(c, 2), bitwise_right_shift(n * 1000, 4), (1 << 4) + (n & 6)",
    "(n & 3) + (n | 4), (n ^ 2) - 7, -(n & 5), (n & 3) < (n | 1), (n & 3) == 1, (n & 7) * x, where(c, n & 3, n | 1), (n & 7).sum(dim=0)",
    "x.reshape(3, -1), x.view(6), x.flatten(), ravel(z), z.unflatten(2, (2, -1))",
    "x.unsqueeze(-1).squeeze(), z.permute(2, 0, 1), z.transpose(0, 2), x.t(), x.T, z.mT",
    "z.movedim(0, 2), v.expand(2, -1), v.expand_as(x), v.broadcast_to(4, 3)",
    "x.repeat(2, 1, 2), x.tile(2), x.repeat_interleave(2, dim=1)",
    "x.flip(0, 1), fliplr(x), flipud(x), x.roll(1), z.roll((1, -2), (0, 2)), rot90(x), rot90(x, 3)",
    "x.narrow(1, 1, 2), m.unfold(0, 2, 1), pixel_shuffle(i, 2), m.adjoint(), numpy_T(z)",
    "cat([x, y], dim=1), stack((x, y), dim=1), hstack([x, y]), vstack([v, v])",
    "cat([x, ones(1, 3)])",
    "z.split(3, dim=2), z.split([1, 3], dim=2), z.chunk(4, 2), x.unbind(), x.select(1, -1)",
    "m.index_select(1, tensor([2, 0, 0]))",
    "pad(x, (1, 2)), pad(x, (1, 2), value=10), pad(z, (2, 1, 1, 2), mode='reflect')",
    "pad(z, (1, 2), mode='circular'), pad(z, (2, 2), mode='replicate'), pad(x, (-1, 1))",
    "m.diagonal(), m.diagonal(1), diag(v), diag(m, -1), diag(v, 1), diag(v, -2), trace(m)",
    "tril(m), triu(m, 1), tril(a, -1)",
    "z[1], z[:, 1:3], z[..., ::-1], z[::2, -1], z[::-2, None, 3:0:-1], z[:, [2, 0, 2]]",
    "z[:, tensor([True, False, True])], z[0, ..., 1]",
    "positive(x), neg(x), zeros_like(x) + x, x * full_like(x, 2), x + eye(3)[:2], ones_like(x)",
    "x + full((2, 3), 4) + arange(3) + linspace(0, 1, 3), x + zeros(2, 1) + arange(1, 2)",
    "lt(x, y), le(x, y), gt(x, y), ge(x, y), eq(x, y), ne(x, y), bitwise_not(c), where(c, x, y)",
    "sort(n), sort(x, dim=0, descending=True), argsort(n, 1), topk(z, 2), topk(x, 1, 0, largest=False)",
    "median(x), median(z, 1), kthvalue(z, 2, 0, keepdim=True), quantile(x, 0.5, 1, 'lower')",
    "cumprod(n, 1), gather(x, 0, k[:3].reshape(1, 3) * 0), pad(x, (1, 2), value=v[0])",
    "scatter(x, 1, tensor([[0, 2], [1, 0]]), y[:, :2]), scatter(x, 0, tensor([[1, 1, 0]]), 2.5)",
    "scatter_add(x, 1, tensor([[0, 0, 2], [1, 1, 1]]), y), index_add(x, 0, tensor([1, 1]), y)",
    "index_add(m.repeat(1, 2), 1, k, a.repeat(2, 1)[:4]), index_copy(x, 1, tensor([2, 0]), y[:, 1:])",
    "index_fill(x, 1, tensor([1]), -3), put(x, tensor([5, 0]), v[:2]), put(x, tensor([1, 1]), v[:2], True)",
    "unfold(i, (2, 3), stride=2, padding=1), fold(unfold(i, 2), (5, 6), 2)",
    "fold(unfold(i, (3, 2), 1, 1, 2), (5, 6), (3, 2), 1, 1, 2), histogram(x, tensor([-6, -1.5, 0, 6]))",
    "einsum('ij->ji', x), einsum('ii->i', m), einsum('ijk->k', z), einsum('ii', m)",
    "narrow(x, 0, 0, 1), l1_loss(x, y, reduction='none'), l1_loss(x, y, reduction='sum')",
];

/// With an error of a few units in the last place (2^-16).
const ROUNDED: &[&str] = &[
    "sub(x, y, alpha=0.5)",
    "x * y",
    "mul(x, v)",
    "x * 0.1",
    "x / 3",
    "x / tensor([0.5, 3, 7])",
    "n / 7",
    "div(y, 2)",
    "square(x)",
    "0.1 * x ** 2",
    "pow(x, 3) / 8",
    "x ** 0",
    "addcmul(x, y, v, value=0.5)",
    "lerp(x, y, 0.25)",
    "leaky_relu(x), leaky_relu(x, 0.2)",
    "prelu(x, v)",
    "hardsigmoid(x), hardswish(x)",
    "mean(x), x.mean(0), x.mean(dim=(0, 1), keepdim=True), n.mean(1), c.mean()",
    "var(x), var(x, dim=1), x.var(0, correction=0), x.var(dim=1, unbiased=False, keepdim=True)",
    "x @ a",
    "matmul(z, m)",
    "x @ v, v @ a, v @ v",
    "mm(x, a), bmm(z, z.mT), mv(x, v), dot(v, v), outer(v, v)",
    "baddbmm(ones(2, 3, 3), z, z.mT, alpha=0.5), vdot(v, v), quantile(x, tensor([0.1, 0.5]), dim=0)",
    "einsum('bij,jk->bik', z, m), einsum('ij,ij->i', x, y), einsum('i,j->ij', v, v)",
    "einsum('bij,bj->b', z, a[:2]) / 8, einsum('ij,kj', x, y), tensordot(z, m, 1)",
    "tensordot(z, a, tensor([[1, 2], [0, 1]])) / 8, tensordot(x, y)",
    "conv3d(i.reshape(1, 2, 4, 5, 6), w.reshape(6, 1, 2, 3, 2), v.repeat(2), (1, 2, 1), (1, 0, 1), (1, 1, 2), 2)",
    "conv_transpose3d(i.reshape(1, 2, 4, 5, 6), w.reshape(2, 3, 2, 3, 2), stride=(2, 1, 2), padding=(1, 1, 0), output_padding=(1, 0, 1))",
    "cov(x) / 8, cov(a, correction=0) / 8, dropout(x, 0.5, training=False), polynomial(p, v) / 32",
    "linear(x, m[:2, :3], bias=v[:2]), linear(x, v)",
    "addmm(ones(2, 4), x, a, beta=0.5, alpha=2)",
    "conv2d(i, w, stride=2, padding=1, groups=2)",
    "conv2d(i, w, v.repeat(2), padding='same', groups=2, dilation=(1, 2))",
    "conv2d(i[0], w, padding='valid', groups=2)",
    "conv1d(s, f, padding=1, groups=2, stride=2)",
    "conv_transpose2d(i, w[:4], groups=2, stride=(2, 1), padding=1, output_padding=(1, 0))",
    "conv_transpose1d(s, f[:4], v[:2], stride=3, padding=4, dilation=2)",
    "avg_pool2d(i, 2), avg_pool2d(i, 3, stride=2, padding=1, count_include_pad=False)",
    "avg_pool2d(i, (2, 3), ceil_mode=True), avg_pool2d(i, 2, divisor_override=3)",
    "avg_pool1d(s, 3, 2, 1), avg_pool3d(z.reshape(1, 2, 3, 4), 2), adaptive_avg_pool1d(s, 3)",
    "adaptive_avg_pool2d(i, (2, 4)), adaptive_avg_pool2d(i, (None, 3)), adaptive_avg_pool2d(i, 1)",
    "max_pool2d(relu(conv2d(i, w, groups=2)), 2)",
    "prod(p, dim=1) / 8",
    "mse_loss(x, y) / 8, l1_loss(x, y)",
    "where(x > 0, x, 0.1 * x)",
    "relu(x @ a + 0.5).sum(dim=1)",
];

/// Smooth functions: 2^-12, absolute and relative.
const SMOOTH: &[&str] = &[
    "exp(x), exp2(x), expm1(x)",
    "log(p), log2(p), log10(p), log1p(p)",
    "sqrt(p), rsqrt(p), reciprocal(x), reciprocal(n + 0.5)",
    "sin(x), cos(x), tan(v / 4)",
    "tanh(x), sigmoid(x), erf(x), erfc(x), silu(x), softplus(x), softplus(x, beta=2)",
    "gelu(x), gelu(x, approximate='tanh'), logsigmoid(x), mish(x), softsign(x), tanhshrink(x)",
    "elu(x), elu(x, alpha=0.5), celu(x, 2), selu(x)",
    "softmax(x, dim=1), log_softmax(x, dim=0), softmin(z, dim=-1), softmax(z * 10, 1)",
    "logsumexp(x, dim=1), logsumexp(z, dim=(0, 1), keepdim=True)",
    "x / p, x / v, 1 / p, n / p",
    "p ** 3, p ** -1, p ** 0.5, p ** -0.5, p ** 1.5, p ** x[:, :1], 2 ** x, pow(p, 2.5)",
    "std(x), x.std(dim=1, unbiased=False), norm(x), norm(z, dim=(0, 1)), x.std(0, 0)",
    "softmax(x @ a, dim=1) @ m",
    "corrcoef(a), cosine_similarity(x, y), cosine_similarity(z, z[:1], 2), norm(x, 3, dim=1)",
];

fn agree(texts: &[&str], parties: u8, tolerance: f64) {
    for text in texts {
        let wanted = in_clear(text).unwrap_or_else(|error| panic!("{error}"));
        let found = in_private(text, parties).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.len(), wanted.len(), "{text}");
        for (at, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            let wanted = wanted.elements();
            assert_eq!(found.len(), wanted.len(), "{text}, result {at}");
            for (element, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                let bound = tolerance * (1.0 + wanted.abs());
                assert!(
                    (found - wanted).abs() <= bound,
                    "{text}, result {at}, element {element}: {found} is not {wanted}"
                );
            }
        }
    }
}

#[test]
fn two_parties_exact() {
    agree(EXACT, 2, 0.0);
}

#[test]
fn three_parties_exact() {
    agree(EXACT, 3, 0.0);
}

#[test]
fn two_parties_rounded() {
    agree(ROUNDED, 2, 6.2e-5);
}

#[test]
fn three_parties_rounded() {
    agree(ROUNDED, 3, 6.2e-5);
}

#[test]
fn two_parties_smooth() {
    agree(SMOOTH, 2, 2.5e-4);
}

#[test]
fn three_parties_smooth() {
    agree(SMOOTH, 3, 2.5e-4);
}

#[test]
fn every_private_function_is_tried() {
    let texts = [EXACT, ROUNDED, SMOOTH].concat().join(" ");
    let called = |name: &str| {
        [format!("{name}("), format!(".{name}(")].iter().any(|call| texts.contains(call))
    };
    let missing: Vec<&str> = signatures()
        .filter(|(_, private)| *private)
        .map(|(text, _)| text.split('(').next().unwrap())
        // Those that draw are tested by their distribution.
        .filter(|name| !["rand", "randn", "randint", "bernoulli", "randperm"].contains(name))
        .filter(|name| !called(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn constants_alone_need_no_engine() {
    let expression = Expression::parse("softmax(tensor([1, 1]), dim=0) + 2 ** 3").unwrap();
    assert!(expression.names().is_empty());
    let value = expression.evaluate(&Scope::clear()).unwrap();
    assert_eq!(value.public().unwrap().elements(), [8.5, 8.5]);
    assert_eq!(in_clear("(1 + 2 * 3) / 2").unwrap()[0].elements(), [3.5]);
}

const DRAWN: &str = "rand(40), randn(2, 20), randint(0, 5, (8, 5)), bernoulli(rand(40)), \
                     dropout(randn(40)), randperm(30)";

#[test]
fn random_values_are_private() {
    let expression = Expression::parse(DRAWN).unwrap();
    let planner = cryptab_engine::Engine::planner(3, 16);
    let Value::Tuple(drawn) = expression.evaluate(&Scope::private(&planner, 16)).unwrap() else {
        panic!("six tensors")
    };
    assert!(drawn.iter().all(|value| matches!(value, Value::Tensor(Tensor::Secret(_)))));
}

#[test]
fn random_values_in_the_clear_need_a_source() {
    let error = in_clear("rand(3)").unwrap_err();
    assert!(error.to_string().contains("no source of random values"), "{error}");
    let chance = Chance::new(7);
    let public = |text: &str| {
        let value = Expression::parse(text).unwrap().evaluate(&Scope::clear_with(&chance));
        value.unwrap().public().unwrap().elements()
    };
    assert_eq!(public("dropout(ones(3), 0.5, training=False)"), [1.0; 3]);
    assert!(!chance.has_drawn());
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let uniform = public("rand(20000)");
    assert!(uniform.iter().all(|x| (0.0..1.0).contains(x)) && (mean(&uniform) - 0.5).abs() < 0.01);
    let normal = public("randn(20000)");
    let squares: Vec<f64> = normal.iter().map(|x| x * x).collect();
    assert!(mean(&normal).abs() < 0.04 && (mean(&squares) - 1.0).abs() < 0.06);
    let integers = public("randint(-2, 3, 20000)");
    assert!(integers.iter().all(|x| (-2.0..3.0).contains(x)) && mean(&integers).abs() < 0.06);
    assert!((mean(&public("bernoulli(full(20000, 0.25))")) - 0.25).abs() < 0.02);
    assert!((mean(&public("dropout(ones(20000), 0.8)")) - 1.0).abs() < 0.08);
    let mut order = public("randperm(50)");
    assert_ne!(order, (0..50).map(f64::from).collect::<Vec<_>>());
    order.sort_by(f64::total_cmp);
    assert_eq!(order, (0..50).map(f64::from).collect::<Vec<_>>());
    assert!(chance.has_drawn());
}
