import { misuse } from "../errors.ts";
import * as arranged from "../shape/rearrange.ts";
import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Structure } from "./structure.ts";

/** Arrangements under the names of PyTorch: all of them exact and free. */
export abstract class Rearrange extends Structure {
  /** `length` elements of an axis from `start` on. */
  narrow(dim: number, start: number, length: number): Tensor {
    const axis = this.axis("narrow", dim);
    const size = this.shape[axis] ?? 0;
    if (!(start >= 0 && length >= 0 && start + length <= size))
      throw misuse(`narrow: ${length} elements from ${start} on of ${size}`);
    return this.one("narrow", this.shape.with(axis, length), [], axis, start, length);
  }

  /** One element of an axis, which disappears; negative indices count from the end. */
  select(dim: number, index: number): Tensor {
    const axis = this.axis("select", dim);
    const size = this.shape[axis] ?? 0;
    const at = index < 0 ? index + size : index;
    if (!(at >= 0 && at < size)) throw misuse(`select: element ${index} of ${size}`);
    return this.one("select", shapes.reduce(this.shape, [axis], false), [], axis, at);
  }

  /** Elements moved along an axis by `shift`, round the end. */
  roll(shift: number, dim: number): Tensor {
    return this.one("roll", this.shape, [], shift, this.axis("roll", dim));
  }

  /** Two axes exchanged. */
  transpose(dim0: number, dim1: number): Tensor {
    const [a, b] = [this.axis("transpose", dim0), this.axis("transpose", dim1)];
    return this.one("transpose", arranged.transposed(this.shape, a, b), [], a, b);
  }

  /** An axis moved to another place. */
  movedim(source: number, destination: number): Tensor {
    const [from, to] = [this.axis("movedim", source), this.axis("movedim", destination)];
    const shape = this.shape.toSpliced(from, 1).toSpliced(to, 0, this.shape[from] ?? 0);
    return this.one("movedim", shape, [], from, to);
  }

  /** A quarter turn of the plane of two axes, `times` times, from the first to the second. */
  rot90(times = 1, dims: readonly [number, number] = [0, 1]): Tensor {
    const [a, b] = [this.axis("rot90", dims[0]), this.axis("rot90", dims[1])];
    const turns = ((times % 4) + 4) % 4;
    const shape = turns % 2 === 0 ? this.shape : arranged.transposed(this.shape, a, b);
    return this.one("rot90", shape, [], turns, a, b);
  }

  /** A new axis of size 1. */
  unsqueeze(dim: number): Tensor {
    const axis = shapes.place("unsqueeze", this.shape, dim);
    return this.one("unsqueeze", shapes.inserted(this.shape, axis, 1), [], axis);
  }

  /** Without this axis if its size is 1; without all such axes by default. */
  squeeze(dim?: number): Tensor {
    if (dim === undefined) return this.reshape(this.shape.filter((size) => size !== 1));
    const axis = this.axis("squeeze", dim);
    const shape = this.shape[axis] === 1 ? this.shape.toSpliced(axis, 1) : this.shape;
    return this.one("squeeze", shape, [], axis);
  }

  /** Axes `startDim` to `endDim` as one; all of them by default. */
  flatten(startDim = 0, endDim = -1): Tensor {
    if (this.ndim === 0) return this.reshape([1]);
    const [first, last] = [this.axis("flatten", startDim), this.axis("flatten", endDim)];
    return this.one("flatten", arranged.flattened(this.shape, first, last), [], first, last);
  }

  /** The whole tensor repeated so many times along each axis; further times are for new leading axes. */
  repeat(times: readonly number[]): Tensor {
    return this.one("repeat", arranged.repeated(this.shape, times), [], times);
  }

  /** As {@link repeat}; missing leading times count 1. */
  tile(times: readonly number[]): Tensor {
    const missing = Math.max(0, this.ndim - times.length);
    const all = [...Array<number>(missing).fill(1), ...times];
    return this.one("tile", arranged.repeated(this.shape, all), [], times);
  }

  /** Every element of an axis repeated in place. */
  repeatInterleave(times: number, dim: number): Tensor {
    const axis = this.axis("repeatInterleave", dim);
    const shape = this.shape.with(axis, (this.shape[axis] ?? 0) * times);
    return this.one("repeatInterleave", shape, [], times, axis);
  }

  /** Parts along an axis: of these sizes, or of one size (the last may be smaller). */
  split(sizes: number | readonly number[], dim = 0): Tensor[] {
    const axis = this.axis("split", dim);
    const parts = arranged.parts("split", this.shape[axis] ?? 0, sizes);
    const results = parts.map((size) => this.shape.with(axis, size));
    return this.many("split", results, [], parts, axis);
  }

  /** At most `count` parts of equal size (the last may be smaller) along an axis. */
  chunk(count: number, dim = 0): Tensor[] {
    const axis = this.axis("chunk", dim);
    const size = this.shape[axis] ?? 0;
    if (!(count > 0)) throw misuse(`chunk: ${count} parts of ${size} elements`);
    const parts = arranged.parts("chunk", size, Math.max(1, Math.ceil(size / count)));
    const results = parts.map((part) => this.shape.with(axis, part));
    return this.many("chunk", results, [], count, axis);
  }

  /** The elements along an axis, which disappears. */
  unbind(dim = 0): Tensor[] {
    const axis = this.axis("unbind", dim);
    const shape = shapes.reduce(this.shape, [axis], false);
    const results = Array.from({ length: this.shape[axis] ?? 0 }, () => shape);
    return this.many("unbind", results, [], axis);
  }

  /** Windows of `size` elements along an axis, every `step`; the window is a new last axis. */
  unfold(dim: number, size: number, step: number): Tensor {
    const axis = this.axis("unfold", dim);
    return this.one("unfold", arranged.unfolded(this.shape, axis, size, step), [], axis, size, step);
  }

  /** The diagonal of the plane of two axes, as a new last axis; `offset` counts to the right. */
  diagonal(offset = 0, dim1 = 0, dim2 = 1): Tensor {
    const [a, b] = [this.axis("diagonal", dim1), this.axis("diagonal", dim2)];
    return this.one("diagonal", arranged.diagonal("diagonal", this.shape, offset, a, b), [], offset, a, b);
  }

  /** The sum of the diagonal of a matrix. */
  trace(): Tensor {
    arranged.matrix("trace", this.shape, 2);
    return this.one("trace", [], []);
  }

  /** The diagonal of a matrix, or a square matrix with this diagonal. */
  diag(offset = 0): Tensor {
    return this.one("diag", arranged.diag(this.shape, offset), [], offset);
  }

  /** The lower triangle of the last two axes, zeros elsewhere. */
  tril(offset = 0): Tensor {
    return this.one("tril", arranged.matrix("tril", this.shape), [], offset);
  }

  /** The upper triangle of the last two axes, zeros elsewhere. */
  triu(offset = 0): Tensor {
    return this.one("triu", arranged.matrix("triu", this.shape), [], offset);
  }
}
