//! Sums of products in one pass, so that no intermediate touches memory.

use crate::{Backend, Error, Result, Tensor, backend::TILE, pieces::in_pieces, shape::count};

/// `sum over products of (product of its factors)`, element by element, modulo 2^64.
///
/// Every factor has one number per element of `shape`; an empty product is 1.
///
/// # Errors
/// [`Error::Length`] when a factor has another number of elements.
pub fn sum_of_products(shape: &[usize], products: &[&[&[u64]]]) -> Result<Tensor> {
    let len = count("sum_of_products", shape)?;
    for factor in products.iter().flat_map(|factors| factors.iter()) {
        if factor.len() != len {
            let (shape, actual) = (shape.to_vec(), factor.len());
            return Err(Error::Length { op: "sum_of_products", shape, expected: len, actual });
        }
    }
    let backend = Backend::detect();
    let total = in_pieces(len, |start, piece| {
        for (tile, sums) in piece.chunks_mut(TILE).enumerate() {
            products
                .iter()
                .for_each(|factors| backend.add_product(sums, factors, start + tile * TILE));
        }
    });
    Tensor::from_vec(shape, total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_add_up_across_tiles() {
        let len = 3 * TILE + 7;
        let a: Vec<u64> = (0..len as u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let b: Vec<u64> = a.iter().map(|x| x ^ 0x5555).collect();
        let products: [&[&[u64]]; 4] = [&[&a], &[&a, &b], &[&a, &b, &a], &[]];
        let total = sum_of_products(&[len], &products).unwrap();
        for i in 0..len {
            let (x, y) = (a[i], b[i]);
            let xy = x.wrapping_mul(y);
            let expected = x.wrapping_add(xy).wrapping_add(xy.wrapping_mul(x)).wrapping_add(1);
            assert_eq!(total.as_slice()[i], expected);
        }
        assert!(sum_of_products(&[len + 1], &products).is_err());
    }
}
