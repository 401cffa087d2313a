import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Comparison } from "./comparison.ts";

/** Results of comparisons combined, and words ({@link toBinary}) bit by bit. All of it is exact. */
export abstract class Bits extends Comparison {
  /** `1 - this`; of words, all bits negated. Free. */
  not(): Tensor {
    return this.one("not", this.shape, []);
  }

  /** Whether exactly one of two bits holds, shapes broadcast; a number is a pattern for words. Free. */
  xor(other: Tensor | number): Tensor {
    return this.elementwise("xor", other);
  }

  /**
   * Whether this bit and all others hold, shapes broadcast. Up to 5 bits: 1 round; more: a tree of such
   * nodes. A bit per operand; for k bits `2^k - 1 - k` dealer bits. Words: 1 round for every doubling of their
   * number, 16 bytes and 8 dealer bytes for each; free with a number, which is a pattern.
   */
  and(...others: readonly (Tensor | number)[]): Tensor {
    return this.#joined("allOf", "and", others);
  }

  /** Whether this bit or any other holds, shapes broadcast. As {@link and}. */
  or(...others: readonly (Tensor | number)[]): Tensor {
    return this.#joined("anyOf", "or", others);
  }

  /** Whether all bits along an axis hold (true for none). As {@link and}. */
  all(dim: number, keepDim = false): Tensor {
    const axis = this.axis("all", dim);
    return this.one("all", shapes.reduce(this.shape, [axis], keepDim), [], axis, keepDim);
  }

  /** Whether any bit along an axis holds (false for none). As {@link and}. */
  any(dim: number, keepDim = false): Tensor {
    const axis = this.axis("any", dim);
    return this.one("any", shapes.reduce(this.shape, [axis], keepDim), [], axis, keepDim);
  }

  #joined(name: "allOf" | "anyOf", operation: string, others: readonly (Tensor | number)[]): Tensor {
    const operands = others.map((other) => this.operand(other));
    const join = (shape: readonly number[], other: Tensor) => shapes.broadcast(operation, shape, other.shape);
    return this.one(name, operands.reduce(join, this.shape), operands);
  }
}
