import { misuse } from "../errors.ts";
import type { Interpolation } from "../operation.ts";
import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Extremum } from "./extremum.ts";
import type { Along, Found } from "./handle.ts";

/** The last axis by default; the smallest first, unless `descending`. */
export type SortOptions = { dim?: number; descending?: boolean };

/** The last axis by default; the largest, unless `largest` is false. */
export type TopkOptions = { dim?: number; largest?: boolean };

/** An axis (of the flattened tensor by default), and what a quantile between two elements is. */
export type QuantileOptions = Partial<Along> & { interpolation?: Interpolation };

/**
 * Elements in order. Exact, and nothing about the order is opened.
 *
 * For n elements: 5 rounds (4 for declared ranges up to 31 bits); n (n - 1) / 2 comparisons; 16 n dealer bytes
 * per element, n rounded up to a power of two.
 *
 * Beyond 256 elements and 2^22 pairs every line is shuffled and then merged by opened comparisons, which say
 * nothing of the elements. Range: below 2^(62-t) units, 2^t the power of two from n on. For n = 10,000: 76 rounds
 * and one per party, 1.4 KB and 3.7 KB from the dealer per element; for n = 100,000: 136, 2.1 KB and 5.5 KB.
 */
export abstract class Order extends Extremum {
  /** The elements along an axis in order, and where they were: equal elements keep theirs. */
  sort({ dim = -1, descending = false }: SortOptions = {}): Found {
    return this.found("sort", this.shape, this.axis("sort", dim), descending);
  }

  /** Where the elements along an axis are, in order: integers. */
  argsort({ dim = -1, descending = false }: SortOptions = {}): Tensor {
    return this.one("argsort", this.shape, [], this.axis("argsort", dim), descending);
  }

  /** The first `count` elements along an axis in order, and where they were. */
  topk(count: number, { dim = -1, largest = true }: TopkOptions = {}): Found {
    const axis = this.axis("topk", dim);
    const size = this.shape[axis] ?? 0;
    if (!(count >= 0 && count <= size)) throw misuse(`topk: ${count} of ${size} elements`);
    return this.found("topk", this.shape.with(axis, count), count, axis, largest);
  }

  /** The `k`-th smallest element along an axis (from 1), and where it was. */
  kthvalue(k: number, { dim = -1, keepDim = false }: Partial<Along> = {}): Found {
    const axis = this.axis("kthvalue", dim);
    return this.found("kthvalue", shapes.reduce(this.shape, [axis], keepDim), k, axis, keepDim);
  }

  /** The median along an axis, the lower one of two, and where it was. */
  median({ dim = -1, keepDim = false }: Partial<Along> = {}): Found {
    const axis = this.axis("median", dim);
    return this.found("median", shapes.reduce(this.shape, [axis], keepDim), axis, keepDim);
  }

  /**
   * The quantile `q` (from 0 to 1) along an axis; several quantiles are on a new first axis.
   *
   * Error of interpolated ones: below 2 units; 1 round more.
   */
  quantile(q: number | readonly number[], options: QuantileOptions = {}): Tensor {
    const { dim, keepDim = false, interpolation = "linear" } = options;
    if (dim === undefined) {
      const all = this.reshape([this.numel]).quantile(q, { dim: 0, interpolation });
      return keepDim ? all.reshape([...all.shape, ...this.shape.map(() => 1)]) : all;
    }
    const axis = this.axis("quantile", dim);
    const list = typeof q === "number" ? [q] : q;
    const reduced = shapes.reduce(this.shape, [axis], false);
    const found = this.one("quantile", [list.length, ...reduced], [], list, axis, interpolation);
    const kept = keepDim ? found.unsqueeze(axis + 1) : found;
    return typeof q === "number" ? kept.select(0, 0) : kept;
  }

  /**
   * The same slices of an axis in an order that nobody knows: every party permutes once, in turn; the dealer
   * knows the order, but no element. Exact. A round per party; 8 bytes per element.
   */
  shuffle(dim = 0): Tensor {
    return this.one("shuffle", this.shape, [], this.axis("shuffle", dim));
  }
}
