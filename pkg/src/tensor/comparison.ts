import { misuse } from "../errors.ts";
import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Smooth } from "./smooth.ts";

/**
 * Comparisons, whose results are bits; choices, bounds and roundings. All of them are exact.
 *
 * Costs are those of the full range, from bare shares; a declared range ({@link within}) costs less.
 */
export abstract class Comparison extends Smooth {
  /**
   * Declares that all values are below `2^(width - 17)`: comparisons get cheaper. Free. Outside this range
   * they are wrong, silently.
   */
  within(width: number): Tensor {
    return this.one("within", this.shape, [], width);
  }

  /** `[this < other]`: 1 where it holds, 0 elsewhere; shapes broadcast. 3 rounds, 14 bytes, 38 dealer bytes. */
  lt(other: Tensor | number): Tensor {
    return this.elementwise("lt", other);
  }

  /** `[this > other]`. As {@link lt}. */
  gt(other: Tensor | number): Tensor {
    return this.elementwise("gt", other);
  }

  /** `[this <= other]`. As {@link lt}. */
  le(other: Tensor | number): Tensor {
    return this.elementwise("le", other);
  }

  /** `[this >= other]`. As {@link lt}. */
  ge(other: Tensor | number): Tensor {
    return this.elementwise("ge", other);
  }

  /** `[this = other]`, shapes broadcast. 3 rounds, 11.3 bytes, 32 dealer bytes. */
  eq(other: Tensor | number): Tensor {
    return this.elementwise("eq", other);
  }

  /** `[this /= other]`. As {@link eq}. */
  ne(other: Tensor | number): Tensor {
    return this.elementwise("ne", other);
  }

  /** -1, 0 or 1, an integer. 4 rounds, 20.3 bytes. */
  sign(): Tensor {
    return this.one("sign", this.shape, []);
  }

  /** Bits as the integers 0 and 1. 1 round, 1 bit, 8 dealer bytes. */
  toNumber(): Tensor {
    return this.one("toNumber", this.shape, []);
  }

  /**
   * This tensor where `condition` (bits, or numbers 0 and 1) holds, `other` elsewhere; shapes broadcast. 1
   * round, 8.1 bytes, 16 dealer bytes.
   */
  where(condition: Tensor, other: Tensor | number): Tensor {
    const operand = this.operand(other);
    const shape = shapes.broadcast("where", this.shape, operand.shape);
    return this.one("where", shapes.broadcast("where", condition.shape, shape), [condition, operand]);
  }

  /** The same numbers, with `value` where `mask` holds; shapes broadcast. As {@link where}. */
  maskedFill(mask: Tensor, value: number): Tensor {
    return this.one("maskedFill", shapes.broadcast("maskedFill", this.shape, mask.shape), [mask], value);
  }

  /** max(this, 0). 4 rounds, 14.1 bytes, 54 dealer bytes. */
  relu(): Tensor {
    return this.one("relu", this.shape, []);
  }

  /** |this|. As {@link relu}. */
  abs(): Tensor {
    return this.one("abs", this.shape, []);
  }

  /** min(max(this, low), high) with public bounds; an infinite one is none. 4 rounds, 20.3 bytes. */
  clamp(low: number, high: number): Tensor {
    if (!(low <= high)) throw misuse(`clamp: the bounds ${low} and ${high} are crossed`);
    return this.one("clamp", this.shape, [], low, high);
  }

  /** max(this, bound) with a public bound. As {@link relu}. */
  clampMin(bound: number): Tensor {
    return this.one("clampMin", this.shape, [], bound);
  }

  /** min(this, bound) with a public bound. As {@link relu}. */
  clampMax(bound: number): Tensor {
    return this.one("clampMax", this.shape, [], bound);
  }

  /** The larger of two numbers, shapes broadcast. As {@link relu} of the difference. */
  maximum(other: Tensor | number): Tensor {
    return typeof other === "number" ? this.clampMin(other) : this.elementwise("maximum", other);
  }

  /** The smaller of two numbers, shapes broadcast. As {@link relu} of the difference. */
  minimum(other: Tensor | number): Tensor {
    return typeof other === "number" ? this.clampMax(other) : this.elementwise("minimum", other);
  }

  /** The nearest integers, halves upwards. Range: |x| < 2^45. 3 rounds, 9 bytes, 29 dealer bytes. */
  round(): Tensor {
    return this.one("round", this.shape, []);
  }

  /**
   * The nearest integers, halves upwards, saturated to `0..2^bits - 1`: levels of a picture, say. `bits` is
   * between 1 and 16. Range: |x| < 2^45, or the declared one.
   *
   * The result can be rearranged and revealed as it is; {@link widen} makes it a number like any other. 8
   * rounds, 16 bytes, 37 dealer bytes for 8 bits and a declared width of 43.
   */
  quantize(bits: number): Tensor {
    return this.one("quantize", this.shape, [], bits);
  }

  /** Results of {@link quantize} as numbers; others as they are. 1 round, bits + 2 bits. */
  widen(): Tensor {
    return this.one("widen", this.shape, []);
  }
}
