import type { Convolution } from "../operation.ts";
import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Rearrange } from "./rearrange.ts";

/** Fraction bits of a product; by default the finer of its operands'. */
export type Scale = { fracBits?: number };

/** One number for both directions, or vertical and horizontal. */
export type ConvolutionOptions = Scale & {
  stride?: number | readonly [number, number];
  padding?: number | readonly [number, number];
  dilation?: number | readonly [number, number];
  groups?: number;
};

/** Sums and products. A number in place of a tensor is one that all parties know. */
export abstract class Arithmetic extends Rearrange {
  /** `this + other`, shapes broadcast. Exact, free; bits count as numbers (1 round to convert). */
  add(other: Tensor | number): Tensor {
    return this.elementwise("add", other);
  }

  /** `this - other`, shapes broadcast. As {@link add}. */
  sub(other: Tensor | number): Tensor {
    return this.elementwise("sub", other);
  }

  /** `-this`. Exact, free. */
  neg(): Tensor {
    return this.one("neg", this.shape, []);
  }

  /**
   * `this * other`, element by element, shapes broadcast.
   *
   * Range: products below 2^30. Error: below 1 unit, none if a factor is an integer. 2 rounds, 24 bytes, 18
   * dealer bytes; 1 round and 8 bytes for operands that were used in products before.
   */
  mul(other: Tensor | number, options: Scale = {}): Tensor {
    const operand = this.operand(other);
    const shape = shapes.broadcast("mul", this.shape, operand.shape);
    return this.one("mul", shape, [operand], options.fracBits);
  }

  /** `this * this`. Range and error as {@link mul}. 2 rounds, 16 bytes, 18 dealer bytes. */
  square(): Tensor {
    return this.one("square", this.shape, []);
  }

  /**
   * Matrix product, `[..., n, k] x [..., k, m]` to `[..., n, m]`, as in PyTorch: vectors count as one row
   * or column, leading axes broadcast.
   *
   * Range: sums below 2^30. Error: below 1 unit, whatever `k`. 2 rounds; 8 bytes per element of the operands
   * and of the result, 18 dealer bytes per element of the result.
   */
  matmul(other: Tensor, options: Scale = {}): Tensor {
    return this.one("matmul", shapes.matmul(this.shape, other.shape), [other], options.fracBits);
  }

  /**
   * Convolution (cross-correlation) of `[N, C, H, W]` with a kernel `[O, C / groups, kh, kw]` to
   * `[N, O, H', W']`. Range, error and cost as {@link matmul}.
   */
  conv2d(kernel: Tensor, options: ConvolutionOptions = {}): Tensor {
    const parameters: Convolution = {
      stride: both(options.stride, 1),
      padding: both(options.padding, 0),
      dilation: both(options.dilation, 1),
      groups: options.groups ?? 1,
    };
    const shape = shapes.conv2d(this.shape, kernel.shape, parameters);
    return this.one("conv2d", shape, [kernel], parameters, options.fracBits);
  }

  /**
   * The same numbers, opened under a mask now: what comes of them (another arrangement, sums, products) then
   * needs no opening of its own. Exact. 1 round, 8 bytes; nothing if that is done already.
   */
  masked(): Tensor {
    return this.one("masked", this.shape, []);
  }

  /**
   * The same numbers with `fracBits` fraction bits, 48 at most. More: exact, free. Fewer: error below 1 unit
   * of the new scale; 1 round, 8 bytes.
   */
  rescale(fracBits: number): Tensor {
    return this.one("rescale", this.shape, [], fracBits);
  }

  /** A function of two operands whose shapes broadcast. */
  protected elementwise(name: Elementwise, other: Tensor | number): Tensor {
    const operand = this.operand(other);
    return this.one(name, shapes.broadcast(name, this.shape, operand.shape), [operand]);
  }
}

type Elementwise =
  | ("add" | "sub" | "div" | "lt" | "gt" | "le" | "ge" | "eq" | "ne" | "maximum" | "minimum")
  | "xor";

function both(given: number | readonly [number, number] | undefined, usual: number): [number, number] {
  const value = given ?? usual;
  return typeof value === "number" ? [value, value] : [...value];
}
