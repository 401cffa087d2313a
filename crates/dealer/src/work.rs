//! How much work and memory a request calls for, before any is spent on it.

use cryptab_correlation::{Deal, Error, Known, KnownBits, Request, Result};

/// What answering a request takes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Work {
    /// Words of 64 bits, over all steps.
    pub(crate) elements: u64,
    /// Products in matrix products and convolutions.
    pub(crate) products: u64,
}

impl Work {
    /// The work of a request.
    ///
    /// # Errors
    /// If the request does not fit together.
    pub(crate) fn of(request: &Request) -> Result<Self> {
        let mut work = Self::default();
        match &request.deal {
            Deal::Ring { known, .. } => work.add_ring(known)?,
            Deal::Bits(known) => work.add_bits(known)?,
            // Random keys, and what every other party hides and keeps.
            Deal::Shuffle { rows, columns, .. } => {
                let count = rows.saturating_mul(*columns);
                work.add_elements(rows.saturating_mul(2).saturating_add(count.saturating_mul(4)));
            }
        }
        Ok(work)
    }

    fn add_ring(&mut self, known: &Known) -> Result<()> {
        let shape = known.shape()?;
        let count = product(&shape);
        self.add_elements(count);
        match known {
            Known::Mask { .. } | Known::OwnMask { .. } | Known::Zero { .. } => {}
            Known::Low(inner, _) | Known::Shift(inner, _) | Known::Structure(_, inner) => {
                self.add_ring(inner)?;
            }
            Known::Combine(terms, _) => {
                terms.iter().try_for_each(|(_, term)| self.add_ring(term))?;
            }
            Known::Product(a, b) => {
                self.add_ring(a)?;
                self.add_ring(b)?;
            }
            Known::Matmul(a, b) => {
                let inner = a.shape()?.last().copied().unwrap_or(1);
                self.add_products(count, inner as u64);
                self.add_ring(a)?;
                self.add_ring(b)?;
            }
            Known::Conv2d(x, w, ..) => {
                let kernel = w.shape()?;
                let each = kernel.get(1..).map_or(1, product);
                self.add_products(count, each);
                self.add_ring(x)?;
                self.add_ring(w)?;
            }
            Known::Concat(parts, _) => parts.iter().try_for_each(|part| self.add_ring(part))?,
            Known::Bit(bits, _) => self.add_bits(bits)?,
            Known::Coefficients(inner, which) => {
                self.add_products(count, which.fit.plan().degree() as u64);
                self.add_ring(inner)?;
            }
            Known::Moments(inner, _) | Known::Exponentials(inner, _) => {
                self.add_products(count, SMOOTH);
                self.add_ring(inner)?;
            }
            Known::RowProducts(rows, lists) => {
                let factors: usize = lists.iter().map(Vec::len).sum();
                let len = shape.get(1..).map_or(1, product);
                self.add_products(len, factors as u64);
                self.add_ring(rows)?;
            }
            Known::Turned { table, index } => {
                self.add_ring(table)?;
                self.add_ring(index)?;
            }
        }
        Ok(())
    }

    fn add_bits(&mut self, known: &KnownBits) -> Result<()> {
        let (len, planes) = known.dimensions()?;
        let words = len.div_ceil(64) as u64;
        self.add_elements(words.saturating_mul(planes as u64));
        match known {
            KnownBits::Mask { .. } | KnownBits::Zero { .. } => {}
            KnownBits::OfRing(inner, ..) | KnownBits::OneHot(inner, _) => self.add_ring(inner)?,
            KnownBits::Monomials(variables, nodes) => {
                let monomials: usize = nodes.iter().map(|node| node.monomial_count()).sum();
                self.add_products(words, monomials as u64);
                self.add_bits(variables)?;
            }
            KnownBits::Xor(a, b) => {
                self.add_bits(a)?;
                self.add_bits(b)?;
            }
        }
        Ok(())
    }

    fn add_elements(&mut self, count: u64) {
        self.elements = self.elements.saturating_add(count);
    }

    fn add_products(&mut self, results: u64, each: u64) {
        self.products = self.products.saturating_add(results.saturating_mul(each));
    }
}

/// Products that one moment or one power of a mask is worth.
const SMOOTH: u64 = 4;

/// The work of a request, if it may be served.
///
/// # Errors
/// If the request does not fit together, or exceeds a limit.
pub(crate) fn check(request: &Request, most: Work) -> Result<Work> {
    let work = Work::of(request)?;
    let over = [(work.elements, most.elements), (work.products, most.products)];
    match over.into_iter().find(|(asked, limit)| asked > limit) {
        Some((elements, limit)) => Err(Error::TooLarge { elements, limit }),
        None => Ok(work),
    }
}

fn product(shape: &[usize]) -> u64 {
    shape.iter().fold(1, |total, &size| total.saturating_mul(size as u64))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cryptab_correlation::{Address, Deal, Known, Request, Run, Structure};

    use super::{Work, check};

    fn matmul(rows: usize, inner: usize, columns: usize) -> Request {
        let a = Known::mask(Address::new(0, 0), &[rows, inner]);
        let b = Known::mask(Address::new(0, 1), &[inner, columns]);
        let known = Known::Matmul(Arc::new(a), Arc::new(b));
        Request { address: Address::new(0, 2), deal: Deal::Ring { known, bits: 64 } }
    }

    #[test]
    fn a_matrix_product_counts_what_it_multiplies_and_holds() {
        let work = Work::of(&matmul(3, 5, 7)).unwrap();
        assert_eq!(work, Work { elements: 3 * 7 + 3 * 5 + 5 * 7, products: 3 * 5 * 7 });
    }

    #[test]
    fn a_small_result_does_not_hide_large_work() {
        let most = Work { elements: 1 << 20, products: 1 << 24 };
        assert!(check(&matmul(1, 1 << 20, 1), most).is_err());
        assert!(check(&matmul(512, 512, 512), most).is_err());
        assert!(check(&matmul(256, 256, 256), most).is_ok());
    }

    #[test]
    fn what_a_short_request_makes_large_is_counted() {
        let ring =
            |known| Request { address: Address::new(0, 2), deal: Deal::Ring { known, bits: 64 } };
        let mask = |shape: &[usize]| Arc::new(Known::mask(Address::new(0, 0), shape));
        let products = Known::RowProducts(mask(&[3, 100]), vec![vec![0, 1, 2]; 50]);
        let work = Work::of(&ring(products)).unwrap();
        assert_eq!(work, Work { elements: 50 * 100 + 300, products: 150 * 100 });
        let turned = Known::Turned { table: mask(&[64]), index: mask(&[1000]) };
        assert_eq!(Work::of(&ring(turned)).unwrap().elements, 64 * 1000 + 64 + 1000);
        let most = Work { elements: 1 << 20, products: 1 << 24 };
        let deal = Deal::Shuffle { player: 0, rows: 1 << 10, columns: 1 << 10 };
        let shuffle = Request { address: Address::new(0, 2), deal };
        assert!(check(&shuffle, most).is_err());
        let taken =
            Structure::Take { axis: 0, runs: vec![Run { first: 0, step: 0, count: 1 << 21 }] };
        assert!(check(&ring(Known::Structure(taken, mask(&[1]))), most).is_err());
    }
}
