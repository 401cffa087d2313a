import { misuse } from "../errors.ts";
import type { Window } from "../operation.ts";
import { adaptive, pooled } from "../shape/window.ts";
import { shown } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Found } from "./handle.ts";
import { Lookup } from "./lookup.ts";

/** One number for all windowed axes, or one for each. */
export type Each = number | readonly number[];

export type AveragePoolOptions = {
  /** From one window to the next; the kernel by default. */
  stride?: Each;
  /** Elements added on both sides, at most half a kernel. */
  padding?: Each;
  /** Whether a last window may hang over the end. */
  ceilMode?: boolean;
  /** Whether padding counts in the number that a sum is divided by; it does by default. */
  countIncludePad?: boolean;
  /** Divides by this number instead. */
  divisorOverride?: number;
};

export type MaxPoolOptions = Pick<AveragePoolOptions, "stride" | "padding" | "ceilMode"> & {
  /** From one element of a window to the next. */
  dilation?: Each;
};

/**
 * Windows over the last axes, one, two or three of them, as in PyTorch.
 *
 * The largest under a window: exact; padding never wins. Every element is opened once, then as `amax` of the
 * elements of a window. The mean: |mean| < 2^17, error 4 units at most; 2 rounds and 16 bytes, 1 and 8 if
 * divisors are powers of two.
 */
export abstract class Pooling extends Lookup {
  /** The largest element under every window over the last axis. */
  maxPool1d(kernel: Each, options: MaxPoolOptions = {}): Tensor {
    return this.#maxPool(1, kernel, options);
  }

  /** The largest element under every window over the last two axes. */
  maxPool2d(kernel: Each, options: MaxPoolOptions = {}): Tensor {
    return this.#maxPool(2, kernel, options);
  }

  /** The largest element under every window over the last three axes. */
  maxPool3d(kernel: Each, options: MaxPoolOptions = {}): Tensor {
    return this.#maxPool(3, kernel, options);
  }

  /** As {@link maxPool1d}, and where each element is on the axis, ties to the first. */
  maxPool1dWithIndices(kernel: Each, options: MaxPoolOptions = {}): Found {
    return this.#maxPoolWithIndices(1, kernel, options);
  }

  /** As {@link maxPool2d}, and where each element is in the flattened two axes, ties to the first. */
  maxPool2dWithIndices(kernel: Each, options: MaxPoolOptions = {}): Found {
    return this.#maxPoolWithIndices(2, kernel, options);
  }

  /** As {@link maxPool3d}, and where each element is in the flattened three axes, ties to the first. */
  maxPool3dWithIndices(kernel: Each, options: MaxPoolOptions = {}): Found {
    return this.#maxPoolWithIndices(3, kernel, options);
  }

  /** The mean under every window over the last axis. */
  avgPool1d(kernel: Each, options: AveragePoolOptions = {}): Tensor {
    return this.#avgPool(1, kernel, options);
  }

  /** The mean under every window over the last two axes. */
  avgPool2d(kernel: Each, options: AveragePoolOptions = {}): Tensor {
    return this.#avgPool(2, kernel, options);
  }

  /** The mean under every window over the last three axes. */
  avgPool3d(kernel: Each, options: AveragePoolOptions = {}): Tensor {
    return this.#avgPool(3, kernel, options);
  }

  /** The largest element of every part of the last axes, divided into so many parts each. */
  adaptiveMaxPool(sizes: readonly number[]): Tensor {
    const shape = adaptive("adaptiveMaxPool", this.shape, sizes);
    return this.one("adaptiveMaxPool", shape, [], sizes);
  }

  /** The mean of every part of the last axes, divided into so many parts each. */
  adaptiveAvgPool(sizes: readonly number[]): Tensor {
    const shape = adaptive("adaptiveAvgPool", this.shape, sizes);
    return this.one("adaptiveAvgPool", shape, [], sizes);
  }

  #maxPool(axes: number, kernel: Each, options: MaxPoolOptions): Tensor {
    const windows = this.#windows(`maxPool${axes}d`, axes, kernel, options);
    return this.one("maxPool", pooled(`maxPool${axes}d`, this.shape, windows), [], windows);
  }

  #maxPoolWithIndices(axes: number, kernel: Each, options: MaxPoolOptions): Found {
    const name = `maxPool${axes}dWithIndices`;
    const windows = this.#windows(name, axes, kernel, options);
    return this.found("maxPoolWithIndices", pooled(name, this.shape, windows), windows);
  }

  #avgPool(axes: number, kernel: Each, options: AveragePoolOptions): Tensor {
    const name = `avgPool${axes}d`;
    const windows = this.#windows(name, axes, kernel, options);
    const divisor = options.divisorOverride ?? options.countIncludePad ?? true;
    return this.one("avgPool", pooled(name, this.shape, windows), [], windows, divisor);
  }

  #windows(name: string, axes: number, kernel: Each, options: MaxPoolOptions): Window[] {
    const { stride = kernel, padding = 0, dilation = 1, ceilMode = false } = options;
    const at = (given: Each, axis: number): number => {
      if (typeof given === "number") return given;
      if (given.length !== axes) throw misuse(`${name}: ${shown(given)} for ${axes} axes`);
      return given[axis] ?? 0;
    };
    return Array.from({ length: axes }, (_, axis) => [
      at(kernel, axis),
      at(stride, axis),
      at(padding, axis),
      at(dilation, axis),
      ceilMode,
    ]);
  }
}
