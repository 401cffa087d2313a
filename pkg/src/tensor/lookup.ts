import { misuse } from "../errors.ts";
import { shown } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Order } from "./order.ts";

/**
 * Elements at secret places. All of it is exact; indices are integers, and one outside gives a wrong result,
 * silently.
 *
 * For a table of n rows of d numbers, t = ceil(log2 n): 1 round, t bits per index. The dealer sends
 * (2^t - 1) 8 bytes per index for a table that all know, 2^t (1 + d) 8 bytes for a secret one, which is
 * opened under a mask once.
 */
export abstract class Lookup extends Order {
  /** The indicators of secret indices below `classes`, on a new last axis: integers 0 and 1. */
  oneHot(classes: number): Tensor {
    return this.one("oneHot", [...this.shape, classes], [], classes);
  }

  /** The rows of a table at these indices: `[index shape, row shape]`. */
  embedding(table: Tensor): Tensor {
    if (table.ndim === 0) throw misuse(`embedding: a table of shape ${shown(table.shape)} has no rows`);
    return this.one("embedding", [...this.shape, ...table.shape.slice(1)], [table]);
  }

  /** Elements of an axis at secret indices, of which there is a list, or at places that all know (free). */
  indexSelect(dim: number, index: Tensor | readonly number[]): Tensor {
    const axis = this.axis("indexSelect", dim);
    if (!isTensor(index))
      return this.one("indexSelect", this.shape.with(axis, index.length), [], axis, index);
    if (index.ndim !== 1) throw misuse(`indexSelect: indices of shape ${shown(index.shape)}`);
    return this.one("indexSelectSecret", this.shape.with(axis, index.numel), [index], axis);
  }

  /** Elements of the flattened tensor at secret indices, or at places that all know (free). */
  take(index: Tensor | readonly number[]): Tensor {
    if (!isTensor(index)) return this.one("take", [index.length], [], index);
    return this.one("takeSecret", index.shape, [index]);
  }

  /**
   * `out[.., i, ..] = this[.., index[.., i, ..], ..]` along an axis; the other axes are equal. A table for
   * every line along the axis, of which there are 4096 at most.
   */
  gather(dim: number, index: Tensor): Tensor {
    const axis = this.axis("gather", dim);
    const fits =
      index.ndim === this.ndim && this.shape.every((size, at) => at === axis || size === index.shape[at]);
    if (!fits) throw misuse(`gather: indices ${shown(index.shape)} into ${shown(this.shape)}`);
    return this.one("gather", index.shape, [index], axis);
  }
}

function isTensor(index: Tensor | readonly number[]): index is Tensor {
  return !Array.isArray(index);
}
