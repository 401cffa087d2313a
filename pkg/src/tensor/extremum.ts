import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Binary } from "./binary.ts";
import type { Along, Found, Over } from "./handle.ts";

/**
 * Largest and smallest elements, and where they are. All of it is exact; ties go to the first.
 *
 * For n elements: 4 rounds for n <= 4, 5 for n <= 10, else 1 + 3 ceil(log4 n); one fewer if a range of at most
 * 31 bits is declared (`within`). Every element is opened under a mask once (8 bytes); n (n - 1) / 2
 * comparisons for n <= 10, else about 2 n.
 */
export abstract class Extremum extends Binary {
  /** The largest of all elements; or, along an axis, the largest and where it is first. */
  max(): Tensor;
  max(along: Along): Found;
  max(along?: Along): Tensor | Found {
    return along ? this.#both("max", along) : this.amax();
  }

  /** The smallest of all elements; or, along an axis, the smallest and where it is first. */
  min(): Tensor;
  min(along: Along): Found;
  min(along?: Along): Tensor | Found {
    return along ? this.#both("min", along) : this.amin();
  }

  /** The largest element over axes. */
  amax(over: Over = {}): Tensor {
    return this.#value("amax", over);
  }

  /** The smallest element over axes. */
  amin(over: Over = {}): Tensor {
    return this.#value("amin", over);
  }

  /** The smallest and the largest element over axes, in the same rounds. */
  aminmax({ dim, keepDim = false }: Over = {}): { min: Tensor; max: Tensor } {
    const axes = this.axes("aminmax", dim);
    const shape = shapes.reduce(this.shape, axes, keepDim);
    const [min, max] = this.many("aminmax", [shape, shape], [], axes, keepDim) as [Tensor, Tensor];
    return { min, max };
  }

  /** Where the largest element along an axis (of the flattened tensor by default) is first: an integer. */
  argmax(along: Partial<Along> = {}): Tensor {
    return this.#place("argmax", along);
  }

  /** Where the smallest element along an axis (of the flattened tensor by default) is first: an integer. */
  argmin(along: Partial<Along> = {}): Tensor {
    return this.#place("argmin", along);
  }

  /**
   * 1 at the first largest element along an axis, 0 elsewhere: integers, the shape stays. Beyond 10 elements
   * as {@link argmax} and one round more.
   */
  argmaxOneHot(dim: number): Tensor {
    return this.one("argmaxOneHot", this.shape, [], this.axis("argmaxOneHot", dim));
  }

  /** 1 at the first smallest element along an axis, 0 elsewhere. As {@link argmaxOneHot}. */
  argminOneHot(dim: number): Tensor {
    return this.one("argminOneHot", this.shape, [], this.axis("argminOneHot", dim));
  }

  #value(name: "amax" | "amin", { dim, keepDim = false }: Over): Tensor {
    const axes = this.axes(name, dim);
    return this.one(name, shapes.reduce(this.shape, axes, keepDim), [], axes, keepDim);
  }

  #both(name: "max" | "min", { dim, keepDim = false }: Along): Found {
    const axis = this.axis(name, dim);
    return this.found(name, shapes.reduce(this.shape, [axis], keepDim), axis, keepDim);
  }

  #place(name: "argmax" | "argmin", { dim, keepDim = false }: Partial<Along>): Tensor {
    if (dim === undefined) return this.reshape([this.numel])[name]({ dim: 0 });
    const axis = this.axis(name, dim);
    return this.one(name, shapes.reduce(this.shape, [axis], keepDim), [], axis, keepDim);
  }
}
