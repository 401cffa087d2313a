import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Along, Over } from "./handle.ts";
import { Pooling } from "./pooling.ts";

/** Axes, and what is taken from the number of elements that squares are divided by: 1 by default. */
export type VarianceOptions = Over & { correction?: number };

/** Sums, means and products. */
export abstract class Reduce extends Pooling {
  /** The sum over axes. Exact, free. */
  sum({ dim, keepDim = false }: Over = {}): Tensor {
    const axes = this.axes("sum", dim);
    return this.one("sum", shapes.reduce(this.shape, axes, keepDim), [], axes, keepDim);
  }

  /**
   * The mean over axes. Error below 2 units, plus 2^-28 of the result. 2 rounds, 16 bytes per result; half of
   * it if the count is a power of two.
   */
  mean({ dim, keepDim = false }: Over = {}): Tensor {
    const axes = this.axes("mean", dim);
    return this.one("mean", shapes.reduce(this.shape, axes, keepDim), [], axes, keepDim);
  }

  /**
   * The variance over axes: the sum of squared deviations from the mean, divided by `n - correction`.
   *
   * Range: deviations below 2^14. Error: 4 units, plus 2^-13 of the standard deviation and 2^-16 of the
   * variance. 4 rounds; 16 bytes per element, 16 per result.
   */
  var({ dim, correction = 1, keepDim = false }: VarianceOptions = {}): Tensor {
    const axes = this.axes("var", dim);
    return this.one("var", shapes.reduce(this.shape, axes, keepDim), [], axes, correction, keepDim);
  }

  /**
   * The standard deviation over axes: the root of {@link var}. Error: 2^-11 plus 2^-13 of the result, for results
   * from 1/4 on. 9 rounds.
   */
  std({ dim, correction = 1, keepDim = false }: VarianceOptions = {}): Tensor {
    const axes = this.axes("std", dim);
    return this.one("std", shapes.reduce(this.shape, axes, keepDim), [], axes, correction, keepDim);
  }

  /**
   * The product along an axis (of the flattened tensor by default). Range: partial products below 2^15. Error:
   * below a unit per product, times what follows; none for integers. 2 ceil(log2 n) rounds, n - 1 products.
   */
  prod({ dim, keepDim = false }: Partial<Along> = {}): Tensor {
    if (dim === undefined) return this.reshape([this.numel]).prod({ dim: 0 });
    const axis = this.axis("prod", dim);
    return this.one("prod", shapes.reduce(this.shape, [axis], keepDim), [], axis, keepDim);
  }

  /** Running sums along an axis. Exact, free. */
  cumsum(dim: number): Tensor {
    return this.one("cumsum", this.shape, [], this.axis("cumsum", dim));
  }

  /** Running products along an axis. Range, error and rounds as {@link prod}; n products in each level. */
  cumprod(dim: number): Tensor {
    return this.one("cumprod", this.shape, [], this.axis("cumprod", dim));
  }
}
