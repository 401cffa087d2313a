import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Dims, Handle } from "./handle.ts";

/** A number, the nearest element, mirrored at the border without repeating it, or from the other end. */
export type PadMode = "constant" | "replicate" | "reflect" | "circular";

export type PadOptions = {
  mode?: PadMode;
  /** The number of mode `constant`; 0 by default. */
  value?: number;
};

/** `[start, end]` or `[start, end, step]` of an axis; a negative step walks backwards from `end - 1`. */
export type Range = readonly [start: number, end: number, step?: number];

/** The same elements in another shape, or some of them, or more. All of it is exact and free. */
export abstract class Structure extends Handle {
  /** The same elements in another shape; one size may be -1: what is left. */
  reshape(shape: readonly number[]): Tensor {
    const full = shapes.reshape(this.shape, shape);
    return this.one("reshape", full, [], full);
  }

  /** The axes in another order. */
  permute(axes: readonly number[]): Tensor {
    const order = axes.map((axis) => this.axis("permute", axis));
    return this.one("permute", shapes.permute(this.shape, order), [], order);
  }

  /** Repeated along axes of size 1 and new leading axes. */
  broadcastTo(shape: readonly number[]): Tensor {
    return this.one("broadcastTo", shapes.broadcastTo("broadcastTo", this.shape, shape), [], shape);
  }

  /** As {@link broadcastTo}; -1 stands for the size that is there. */
  expand(shape: readonly number[]): Tensor {
    const first = shape.length - this.ndim;
    const full = shape.map((size, axis) => (size === -1 ? (this.shape[axis - first] ?? -1) : size));
    return this.one("expand", shapes.broadcastTo("expand", this.shape, full), [], full);
  }

  /** A range of every axis. */
  slice(ranges: readonly Range[]): Tensor {
    const full = ranges.map(([start, end, step = 1]) => [start, end, step] as const);
    return this.one("slice", shapes.slice(this.shape, full), [], full);
  }

  /** Elements added before and after every axis; in mode `constant` negative widths remove some. */
  pad(widths: readonly (readonly [number, number])[], options: PadOptions = {}): Tensor {
    const { mode = "constant", value = 0 } = options;
    const shape = shapes.pad(this.shape, widths, mode);
    switch (mode) {
      case "replicate":
        return this.one("pad", shape, [], widths, true);
      case "reflect":
      case "circular":
        return this.one("padBorder", shape, [], widths, mode === "circular");
      case "constant": {
        const zeros = value === 0 && widths.flat().every((width) => width >= 0);
        if (zeros) return this.one("pad", shape, [], widths, false);
        return this.one("padConstant", shape, [], widths, value);
      }
    }
  }

  /** This tensor and others, one after the other along an axis; scales are aligned to the finest. */
  concat(others: readonly Tensor[], dim: number): Tensor {
    const axis = this.axis("concat", dim);
    const all = [this.shape, ...others.map((other) => other.shape)];
    return this.one("concat", shapes.concat("concat", all, axis), others, axis);
  }

  /** This tensor and others along a new axis. */
  stack(others: readonly Tensor[], dim = 0): Tensor {
    const axis = shapes.place("stack", this.shape, dim);
    const all = [this.shape, ...others.map((other) => other.shape)];
    const single = all.map((shape) => shapes.inserted(shape, axis, 1));
    return this.one("stack", shapes.concat("stack", single, axis), others, axis);
  }

  /** Axes walked backwards. */
  flip(dims: Dims): Tensor {
    return this.one("flip", this.shape, [], this.axes("flip", dims));
  }
}
