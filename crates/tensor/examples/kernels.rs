//! Prints how fast the kernels are on this machine.
//!
//! `cargo run --release -p cryptab-tensor --example kernels`; set `RAYON_NUM_THREADS=1` for the rate of one core.

use std::{hint::black_box, time::Instant};

use cryptab_tensor::{
    Backend, Bits, Codec, Conv2d, Result, Tensor, conv2d_on, matmul_on, pack, unpack,
};

fn main() -> Result<()> {
    for backend in Backend::available() {
        println!("{}", backend.name());
        products(backend)?;
        convolutions(backend)?;
    }
    println!("elements ({})", Backend::detect().name());
    elements()
}

fn products(backend: Backend) -> Result<()> {
    let cases: [(&[usize], &[usize]); 7] = [
        (&[512, 512], &[512, 512]),
        (&[1000, 1000], &[1000, 1000]),
        (&[128, 128], &[128, 128]),
        (&[64, 32, 32], &[64, 32, 32]),
        (&[262_144, 3], &[3, 3]),
        (&[1, 1024], &[1024, 1024]),
        (&[1024, 1024], &[1024]),
    ];
    for (left, right) in cases {
        let (a, b) = (random(left)?, random(right)?);
        let out = matmul_on(backend, &a, &b)?;
        let inner = left[left.len() - 1];
        let seconds = time(|| matmul_on(backend, &a, &b))?;
        rate(&format!("matmul {left:?} {right:?}"), out.len() * inner, seconds, "GMAC/s");
    }
    Ok(())
}

fn convolutions(backend: Backend) -> Result<()> {
    let same = |padding| Conv2d { padding: [padding; 2], ..Conv2d::default() };
    let strided = Conv2d { stride: [2, 2], ..same(1) };
    let depthwise = |padding| Conv2d { groups: 3, ..same(padding) };
    let cases: [(&str, &[usize], &[usize], Conv2d); 6] = [
        ("", &[1, 64, 56, 56], &[64, 64, 3, 3], same(1)),
        ("stride 2", &[1, 64, 56, 56], &[64, 64, 3, 3], strided),
        ("depthwise", &[1, 3, 512, 512], &[3, 1, 3, 3], depthwise(1)),
        ("depthwise", &[1, 3, 512, 512], &[3, 1, 5, 5], depthwise(2)),
        ("", &[1, 3, 512, 512], &[3, 3, 5, 5], same(2)),
        ("", &[1, 3, 224, 224], &[16, 3, 3, 3], same(1)),
    ];
    for (kind, image, filters, parameters) in cases {
        let (x, w) = (random(image)?, random(filters)?);
        let out = conv2d_on(backend, &x, &w, &parameters)?;
        let taps: usize = filters[1..].iter().product();
        let seconds = time(|| conv2d_on(backend, &x, &w, &parameters))?;
        rate(&format!("conv2d {image:?} {filters:?} {kind}"), out.len() * taps, seconds, "GMAC/s");
    }
    Ok(())
}

fn elements() -> Result<()> {
    const COUNT: usize = 1_000_000;
    let report = |name: &str, seconds: f64| rate(name, COUNT, seconds, "Gelement/s");
    let (a, b) = (random(&[COUNT])?, random(&[COUNT])?);
    report("add", time(|| a.add(&b))?);
    report("mul", time(|| a.mul(&b))?);
    report("mul by scalar", time(|| Ok(a.mul_scalar(3)))?);
    let image = a.reshape(&[4, 250, 1000])?;
    let bias = random(&[4, 1, 1])?;
    report("mul, broadcast channels", time(|| image.mul(&bias))?);
    let pixels = a.reshape(&[250_000, 4])?;
    report("add, broadcast rows of 4", time(|| pixels.add(&Tensor::zeros(&[4])))?);
    report("permute", time(|| image.permute(&[1, 2, 0]))?);
    report("sum", time(|| a.sum(&[0], cryptab_tensor::KeepDim::Drop))?);
    let bits = Bits::slice_ring(a.as_slice(), 0, 64);
    report("64 planes from elements", time(|| Ok(Bits::slice_ring(a.as_slice(), 0, 64)))?);
    report("elements from 64 planes", time(|| Ok(bits.join_ring(0)))?);
    report("1 plane from elements", time(|| Ok(Bits::slice_ring(a.as_slice(), 63, 1)))?);
    report("elements from 1 plane", time(|| Ok(bits.to_ring(0)))?);
    report("xor of 64 planes", time(|| bits.xor(&bits))?);
    for width in [8, 17, 48, 64] {
        let bytes = pack(a.as_slice(), width);
        report(&format!("pack {width} bits"), time(|| Ok(pack(a.as_slice(), width)))?);
        report(&format!("unpack {width} bits"), time(|| unpack(&bytes, width, COUNT))?);
    }
    let codec = Codec::default();
    let reals = codec.decode(a.shr(20).as_slice());
    report("encode", time(|| codec.encode(&reals))?);
    report("decode", time(|| Ok(codec.decode(a.as_slice())))?);
    Ok(())
}

fn random(shape: &[usize]) -> Result<Tensor> {
    let count = shape.iter().product::<usize>() as u64;
    let value = |i: u64| (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    Tensor::from_vec(shape, (0..count).map(value).collect())
}

/// The best of some runs, in seconds.
fn time<T>(mut run: impl FnMut() -> Result<T>) -> Result<f64> {
    let begun = Instant::now();
    let mut best = f64::INFINITY;
    while begun.elapsed().as_secs_f64() < 0.3 {
        let start = Instant::now();
        black_box(run()?);
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(best)
}

fn rate(name: &str, work: usize, seconds: f64, unit: &str) {
    let rate = work as f64 / seconds / 1e9;
    println!("  {name:<52} {:>9.3} ms {rate:>8.2} {unit}", seconds * 1e3);
}
