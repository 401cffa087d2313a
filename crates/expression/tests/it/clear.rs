//! Expected numbers are known values, or calculated by hand after the semantics of `PyTorch`.

use cryptab_expression::Kind;

use crate::sample::{in_clear, input};

fn elements(text: &str) -> Vec<f64> {
    in_clear(text).unwrap_or_else(|error| panic!("{error}"))[0].elements()
}

fn close(text: &str, wanted: &[f64]) {
    let found = elements(text);
    assert_eq!(found.len(), wanted.len(), "{text}");
    let near = found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-6);
    assert!(near, "{text}: {found:?} is not {wanted:?}");
}

#[test]
fn literals_of_pytorch() {
    close("softmax(tensor([1., 2., 3.]), dim=0)", &[0.090_030_57, 0.244_728_47, 0.665_240_96]);
    close("log_softmax(tensor([1., 2.]), 0)", &[-1.313_261_69, -0.313_261_69]);
    close("gelu(tensor([-2., 1.]))", &[-0.045_500_26, 0.841_344_75]);
    close("gelu(tensor([1.]), approximate='tanh')", &[0.841_191_99]);
    close("silu(tensor([-2., 1.]))", &[-0.238_405_84, 0.731_058_58]);
    close("softplus(tensor([-1., 30.]))", &[0.313_261_69, 30.0]);
    close("elu(tensor([-1., 2.]))", &[-0.632_120_56, 2.0]);
    close("erf(tensor([0.5]))", &[0.520_499_88]);
    close("round(tensor([0.5, 1.5, 2.5, -0.5]))", &[0.0, 2.0, 2.0, 0.0]);
    close("tensor([-7, 7]) // 2, 0", &[-4.0, 3.0]);
    close("tensor([-7, 7]) % 3", &[2.0, 1.0]);
    close("fmod(tensor([-7, 7]), 3)", &[-1.0, 1.0]);
    close("var(tensor([1., 2., 4.]))", &[7.0 / 3.0]);
    close("var(tensor([1., 2., 4.]), unbiased=False)", &[14.0 / 9.0]);
    close("std(tensor([1., 2., 4.]))", &[1.527_525_23]);
    close("norm(tensor([30, 40]))", &[50.0]);
    close("logsumexp(tensor([1., 2.]), dim=0)", &[2.313_261_69]);
    close("cumsum(tensor([1, 2, 3]), 0)", &[1.0, 3.0, 6.0]);
    close("cumprod(tensor([1, 2, 3]), 0)", &[1.0, 2.0, 6.0]);
    close("max(tensor([[3, 5, 5], [2, 2, 1]]), dim=1).indices", &[1.0, 0.0]);
    close("argmin(tensor([3, 1, 1]))", &[1.0]);
    close("sort(tensor([3, 1, 2, 1]), descending=True)[1]", &[0.0, 2.0, 1.0, 3.0]);
    close("topk(tensor([3, 1, 2, 5]), 2)[0]", &[5.0, 3.0]);
    close("median(tensor([4, 1, 3, 2]))", &[2.0]);
    close("tensor([5, 6]) & 3", &[1.0, 2.0]);
    close("(tensor([1, 2]) > 1) ^ (tensor([1, 2]) > 0)", &[1.0, 0.0]);
    close("clamp(tensor([1., 2.]), 3, 1)", &[1.0, 1.0]);
    close("leaky_relu(tensor([-1., 2.]))", &[-0.01, 2.0]);
    close("max_pool2d(arange(16).reshape(1, 1, 4, 4) * 1.0, 2)", &[5.0, 7.0, 13.0, 15.0]);
    close("max_pool2d(-ones(1, 2, 2), 2, padding=1)", &[-1.0; 4]);
    close("avg_pool2d(ones(1, 2, 2), 2, padding=1)", &[0.25; 4]);
    close("avg_pool2d(ones(1, 3, 3), 2, ceil_mode=True)", &[1.0; 4]);
    close("adaptive_avg_pool2d(arange(3).reshape(1, 1, 3), (1, 2))", &[0.5, 1.5]);
    close(
        "conv2d(ones(1, 3, 3), ones(1, 1, 2, 2), padding='same')",
        &[4., 4., 2., 4., 4., 2., 2., 2., 1.],
    );
    close(
        "conv_transpose1d(tensor([[1., 2.]]), tensor([[[1., 10., 100.]]]), stride=2)",
        &[1., 10., 102., 20., 200.],
    );
    close(
        "conv_transpose1d(tensor([[1., 2.]]), tensor([[[1., 10., 100.]]]), padding=1, stride=2, output_padding=1)",
        &[10., 102., 20., 200.],
    );
    close("max_pool2d(tensor([[[1, 3], [3, 2]]]), 2, return_indices=True)[1]", &[1.0]);
    close("one_hot(tensor([1, 0]), 2)", &[0.0, 1.0, 1.0, 0.0]);
    close("embedding(tensor([1, 1]), tensor([[1, 2], [3, 4]]))", &[3.0, 4.0, 3.0, 4.0]);
    close("gather(tensor([[1, 2], [3, 4]]), 1, tensor([[0, 0], [1, 0]]))", &[1., 1., 4., 3.]);
    close("rot90(tensor([[1, 2], [3, 4]]))", &[2.0, 4.0, 1.0, 3.0]);
    close("roll(tensor([1, 2, 3]), 1)", &[3.0, 1.0, 2.0]);
    close("pad(tensor([1, 2, 3]), (2, 1), mode='reflect')", &[3.0, 2.0, 1.0, 2.0, 3.0, 2.0]);
    close("pad(tensor([1, 2, 3]), (2, 1), mode='circular')", &[2.0, 3.0, 1.0, 2.0, 3.0, 1.0]);
    close("repeat_interleave(tensor([1, 2]), 2)", &[1.0, 1.0, 2.0, 2.0]);
    close("tensor([1, 2]).repeat(2)", &[1.0, 2.0, 1.0, 2.0]);
    close("arange(5).unfold(0, 3, 2)", &[0.0, 1.0, 2.0, 2.0, 3.0, 4.0]);
    close("diag(tensor([1, 2]), 1)", &[0., 1., 0., 0., 0., 2., 0., 0., 0.]);
    close("diag(tensor([[1, 2], [3, 4]]), -1)", &[3.0]);
    close("arange(1, 2, 0.25)", &[1.0, 1.25, 1.5, 1.75]);
    close("arange(10)[::-3]", &[9.0, 6.0, 3.0, 0.0]);
    close("arange(10)[7:2:-2]", &[7.0, 5.0, 3.0]);
    close("arange(10)[-3:]", &[7.0, 8.0, 9.0]);
    close("arange(10)[20:]", &[]);
    close("arange(3)[tensor([[0, 1], [2, -1]])].reshape(4)", &[0.0, 1.0, 2.0, 2.0]);
    close("mse_loss(tensor([1., 2.]), tensor([3., 2.]))", &[2.0]);
    close("pixel_shuffle(arange(4).reshape(4, 1, 1), 2)", &[0.0, 1.0, 2.0, 3.0]);
    close("movedim(arange(6).reshape(1, 2, 3), 0, 2).reshape(6)", &[0., 1., 2., 3., 4., 5.]);
    close("x.shape[1] + x.ndim", &[5.0]);
}

#[test]
fn kinds_follow_the_operation() {
    let kind = |text: &str| in_clear(text).unwrap()[0].kind();
    for (text, wanted) in [
        ("x > 0", Kind::Bit),
        ("c & d", Kind::Bit),
        ("n + n", Kind::Integer),
        ("c + d", Kind::Integer),
        ("c.sum()", Kind::Integer),
        ("n / 2", Kind::Real),
        ("n + 0.5", Kind::Real),
        ("n.mean()", Kind::Real),
        ("argmax(x)", Kind::Integer),
        ("n.T[0]", Kind::Integer),
        ("where(c, n, 1)", Kind::Integer),
        ("exp(n)", Kind::Real),
    ] {
        assert_eq!(kind(text), wanted, "{text}");
    }
}

#[test]
fn transposed_convolution_is_the_adjoint_of_convolution() {
    // <conv(x), y> = <x, conv_transpose(y)> for every parameter
    for parameters in ["stride=1", "stride=2, padding=1, groups=2", "dilation=2, groups=2"] {
        let groups = if parameters.contains("groups") { "i" } else { "i[:, :2]" };
        let text = format!(
            "(conv2d({groups}, w, {parameters}) ** 2).sum() - ({groups} * pad(\
             conv_transpose2d(conv2d({groups}, w, {parameters}), w, {parameters}), (0, 9, 0, 9))\
             [:, :, :5, :6]).sum()"
        );
        assert!(elements(&text)[0].abs() < 1e-9, "{text}: {:?}", elements(&text));
    }
}

#[test]
fn inputs_are_exact() {
    assert_eq!(elements("x"), input("x").elements());
}
