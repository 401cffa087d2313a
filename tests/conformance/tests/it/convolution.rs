use cryptab_conformance::{Array, Bound, Case, UNIT, reals};

const TWO: Bound = Bound::absolute(2.0 * UNIT);

/// The numbers of a convolution, one for each axis of the image.
#[derive(Clone)]
struct Sizes {
    stride: Vec<usize>,
    padding: Vec<usize>,
    dilation: Vec<usize>,
    output_padding: Vec<usize>,
    groups: usize,
}

impl Sizes {
    fn all(rank: usize, stride: usize, padding: usize, dilation: usize, groups: usize) -> Self {
        Self {
            stride: vec![stride; rank],
            padding: vec![padding; rank],
            dilation: vec![dilation; rank],
            output_padding: vec![0; rank],
            groups,
        }
    }

    /// As arguments of the expression language.
    fn arguments(&self, transposed: bool) -> String {
        let tuple = |numbers: &[usize]| {
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            format!("({},)", numbers.join(", "))
        };
        let more = match transposed {
            true => format!(", output_padding={}", tuple(&self.output_padding)),
            false => String::new(),
        };
        let (stride, padding) = (tuple(&self.stride), tuple(&self.padding));
        let (dilation, groups) = (tuple(&self.dilation), self.groups);
        format!("stride={stride}, padding={padding}, dilation={dilation}, groups={groups}{more}")
    }
}

/// Every tap of a kernel.
fn taps(kernel: &[usize]) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    let _shape = Array::from_fn(kernel, |index| {
        all.push(index.to_vec());
        0.0
    });
    all
}

/// Every output is the sum over the taps of the kernel; nothing if the result is empty.
fn convolved(x: &Array, w: &Array, sizes: &Sizes) -> Option<Array> {
    let (image, kernel) = (&x.shape[2..], &w.shape[2..]);
    let mut shape = vec![x.shape[0], w.shape[0]];
    for axis in 0..image.len() {
        let reach = sizes.dilation[axis] * (kernel[axis] - 1) + 1;
        let room = (image[axis] + 2 * sizes.padding[axis]).checked_sub(reach)?;
        shape.push(room / sizes.stride[axis] + 1);
    }
    let (per_group, filters) = (w.shape[1], w.shape[0] / sizes.groups);
    let taps = taps(kernel);
    Some(Array::from_fn(&shape, |out| {
        let mut sum = 0.0;
        for tap in &taps {
            let place = |axis: usize| {
                (out[axis + 2] * sizes.stride[axis] + tap[axis] * sizes.dilation[axis])
                    .checked_sub(sizes.padding[axis])
                    .filter(|&at| at < image[axis])
            };
            let Some(at) = (0..image.len()).map(place).collect::<Option<Vec<_>>>() else {
                continue;
            };
            for channel in 0..per_group {
                let from = out[1] / filters * per_group + channel;
                sum += x.at(&[&[out[0], from], &at[..]].concat())
                    * w.at(&[&[out[1], channel], &tap[..]].concat());
            }
        }
        sum
    }))
}

/// Every input is spread over the taps of the kernel.
fn transposed(x: &Array, w: &Array, sizes: &Sizes) -> Option<Array> {
    let (image, kernel) = (&x.shape[2..], &w.shape[2..]);
    let (inputs, outputs) = (w.shape[0] / sizes.groups, w.shape[1]);
    let mut shape = vec![x.shape[0], outputs * sizes.groups];
    for axis in 0..image.len() {
        let reach = sizes.dilation[axis] * (kernel[axis] - 1) + 1 + sizes.output_padding[axis];
        let size = (image[axis] - 1) * sizes.stride[axis] + reach;
        shape.push(size.checked_sub(2 * sizes.padding[axis]).filter(|&size| size > 0)?);
    }
    let mut result = Array::filled(&shape, 0.0);
    let taps = taps(kernel);
    let _each = Array::from_fn(&x.shape, |from| {
        for tap in &taps {
            let place = |axis: usize| {
                (from[axis + 2] * sizes.stride[axis] + tap[axis] * sizes.dilation[axis])
                    .checked_sub(sizes.padding[axis])
                    .filter(|&at| at < shape[axis + 2])
            };
            let Some(at) = (0..image.len()).map(place).collect::<Option<Vec<_>>>() else {
                continue;
            };
            for channel in 0..outputs {
                let to = from[1] / inputs * outputs + channel;
                let flat = result.flat(&[&[from[0], to], &at[..]].concat());
                result.data[flat] += x.at(from) * w.at(&[&[from[1], channel], &tap[..]].concat());
            }
        }
        0.0
    });
    Some(result)
}

/// A convolution over so many axes, whose result may be empty: then it is left out.
fn check<'a>(case: &mut Case<'a>, flipped: bool, x: &Array, w: &Array, sizes: &Sizes) {
    let want = if flipped { transposed(x, w, sizes) } else { convolved(x, w, sizes) };
    let Some(want) = want else { return };
    let name = if flipped { "conv_transpose" } else { "conv" };
    let text = format!("{name}{}d(x, w, {})", x.shape.len() - 2, sizes.arguments(flipped));
    let (x, w) = (x.clone(), w.clone());
    case.check(want, TWO, move |e| {
        e.evaluate(&text, &[("x", &e.secret(&x)?), ("w", &e.secret(&w)?)])
    });
}

fn one_axis(flipped: bool) -> Case<'static> {
    let mut case = Case::new();
    for size in [5, 16] {
        for channels in [1, 4] {
            for batch in [1, 3] {
                let x = reals(31, -1.0, 1.0, &[batch, channels, size]);
                for kernel in 1..=3 {
                    for filters in [2, 6] {
                        for groups in [1, 2] {
                            if channels % groups != 0 || filters % groups != 0 {
                                continue;
                            }
                            let shape = match flipped {
                                false => [filters, channels / groups, kernel],
                                true => [channels, filters / groups, kernel],
                            };
                            let w = reals(32, -1.0, 1.0, &shape);
                            for padding in [0, 1] {
                                for stride in [1, 2] {
                                    for dilation in [1, 2] {
                                        let sizes =
                                            Sizes::all(1, stride, padding, dilation, groups);
                                        check(&mut case, flipped, &x, &w, &sizes);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    case
}

fn two_axes(flipped: bool) -> Case<'static> {
    let mut case = Case::new();
    for size in [[5, 5], [16, 7]] {
        for channels in [1, 4] {
            for batch in [1, 3] {
                let x = reals(33, -1.0, 1.0, &[batch, channels, size[0], size[1]]);
                for kernel in [[1, 1], [2, 2], [2, 3]] {
                    for groups in [1, 2] {
                        if channels % groups != 0 {
                            continue;
                        }
                        let ends = match flipped {
                            false => [2, channels / groups],
                            true => [channels, 2 / groups],
                        };
                        let w = reals(34, -1.0, 1.0, &[ends, kernel].concat());
                        for padding in [[0, 0], [1, 1], [0, 1]] {
                            for stride in [[1, 1], [2, 2], [1, 2]] {
                                for dilation in [1, 2] {
                                    let sizes = Sizes {
                                        stride: stride.to_vec(),
                                        padding: padding.to_vec(),
                                        ..Sizes::all(2, 1, 0, dilation, groups)
                                    };
                                    check(&mut case, flipped, &x, &w, &sizes);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    case
}

pub(crate) fn g11() {
    one_axis(false).counting(35_136, -220.401_455).run(&[2, 3]);
}

pub(crate) fn g12() {
    one_axis(true).counting(72_576, 431.693_379).run(&[2, 3]);
}

pub(crate) fn g13() {
    two_axes(false).counting(106_344, 1_205.561_107).run(&[2, 3, 5]);
}

pub(crate) fn g14() {
    two_axes(true).counting(395_424, 2_275.086_778).run(&[2, 3]);
}

pub(crate) fn g15() {
    let x = reals(35, -1.0, 1.0, &[2, 4, 5, 6, 7]);
    let w = reals(36, -1.0, 1.0, &[6, 2, 3, 2, 2]);
    let bias = reals(37, -1.0, 1.0, &[6]);
    let flipped = reals(38, -1.0, 1.0, &[4, 3, 2, 3, 2]);
    let sizes = Sizes {
        stride: vec![1, 2, 1],
        padding: vec![1, 0, 1],
        dilation: vec![1, 1, 2],
        output_padding: vec![0; 3],
        groups: 2,
    };
    let mut case = Case::new();
    let sums = convolved(&x, &w, &sizes).unwrap();
    let want = sums.zip(&bias.reshape(&[6, 1, 1, 1]), |sum, bias| sum + bias);
    let text = format!("conv3d(x, w, b, {})", sizes.arguments(false));
    let (image, bias) = (x.clone(), bias);
    case.check(want, TWO, move |e| {
        let (x, w, b) = (e.secret(&image)?, e.secret(&w)?, e.secret(&bias)?);
        e.evaluate(&text, &[("x", &x), ("w", &w), ("b", &b)])
    });
    let sizes = Sizes {
        stride: vec![2, 1, 2],
        padding: vec![1, 1, 0],
        dilation: vec![1; 3],
        output_padding: vec![1, 0, 1],
        groups: 2,
    };
    check(&mut case, true, &x, &flipped, &sizes);
    case.counting(10_980, -45.356_752).run(&[2, 3]);
}

pub(crate) fn g16() {
    let x = reals(39, -1.0, 1.0, &[1, 512, 3, 3]);
    let w = reals(40, -1.0, 1.0, &[4, 512, 3, 3]);
    let mut case = Case::new();
    check(&mut case, false, &x, &w, &Sizes::all(2, 1, 1, 1, 1));
    case.counting(36, -62.048_38).run(&[2, 3]);
}
