import { misuse } from "../errors.ts";
import type { FunctionName, Parameters } from "../operation.ts";
import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Random } from "./random.ts";

/**
 * In-place functions: they change what this handle stands for, and return it. The value and the cost are those
 * of the function without the underscore; shape, kind and fraction bits stay. What was computed before stays as
 * it was.
 */
export abstract class InPlace extends Random {
  /** `this = other`, which broadcasts to the shape. Free, but for a conversion to kind and scale. */
  copy_(other: Tensor | number): this {
    return this.#elementwise("copy_", other);
  }

  /** `this += other`. As {@link add}. */
  add_(other: Tensor | number): this {
    return this.#elementwise("add_", other);
  }

  /** `this -= other`. As {@link sub}. */
  sub_(other: Tensor | number): this {
    return this.#elementwise("sub_", other);
  }

  /** `this *= other`. As {@link mul}. */
  mul_(other: Tensor | number): this {
    return this.#elementwise("mul_", other);
  }

  /** `this /= other`. As {@link div}. */
  div_(other: Tensor | number): this {
    return this.#elementwise("div_", other);
  }

  /** `this = this x other`, the matrix product. As {@link matmul}. */
  matmul_(other: Tensor): this {
    return this.#changed("matmul_", shapes.matmul(this.shape, other.shape), [other]);
  }

  /** `this = -this`. As {@link neg}. */
  neg_(): this {
    return this.#changed("neg_", this.shape, []);
  }

  /** `this *= this`. As {@link square}. */
  square_(): this {
    return this.#changed("square_", this.shape, []);
  }

  /** This to the power of a public integer. As {@link pow}. */
  pow_(exponent: number): this {
    return this.#changed("pow_", this.shape, [], exponent);
  }

  /** `this &= other` of bits or words. As {@link and}. */
  and_(other: Tensor | number): this {
    return this.#elementwise("and_", other);
  }

  /** `this |= other` of bits or words. As {@link or}. */
  or_(other: Tensor | number): this {
    return this.#elementwise("or_", other);
  }

  /** `this ^= other` of bits or words. As {@link xor}. */
  xor_(other: Tensor | number): this {
    return this.#elementwise("xor_", other);
  }

  /** All bits negated. As {@link not}. */
  not_(): this {
    return this.#changed("not_", this.shape, []);
  }

  #elementwise(name: Elementwise, other: Tensor | number): this {
    const operand = this.operand(other);
    return this.#changed(name, shapes.broadcast(name, this.shape, operand.shape), [operand]);
  }

  #changed<N extends FunctionName>(
    name: N,
    shape: readonly number[],
    others: readonly Tensor[],
    ...parameters: Parameters[N]
  ): this {
    const [own, found] = [this.shape, shape].map(shapes.shown);
    if (own !== found) throw misuse(`${name}: the result has the shape ${found}, the tensor ${own}`);
    this.change(name, others, ...parameters);
    return this;
  }
}

type Elementwise = "copy_" | "add_" | "sub_" | "mul_" | "div_" | "and_" | "or_" | "xor_";
