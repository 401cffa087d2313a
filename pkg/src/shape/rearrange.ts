/** Shapes of arrangements. */
import { misuse } from "../errors.ts";
import { count, type Shape, shown } from "../shape.ts";

export function transposed(shape: Shape, a: number, b: number): number[] {
  return shape.with(a, shape[b] ?? 0).with(b, shape[a] ?? 0);
}

export function flattened(shape: Shape, first: number, last: number): number[] {
  if (first > last) throw misuse(`flatten: axes ${first} to ${last} of ${shown(shape)}`);
  return shape.toSpliced(first, last - first + 1, count(shape.slice(first, last + 1)));
}

export function repeated(shape: Shape, times: readonly number[]): number[] {
  const first = times.length - shape.length;
  if (first < 0) throw misuse(`repeat: ${shown(times)} times of ${shown(shape)}`);
  return times.map((time, axis) => time * (shape[axis - first] ?? 1));
}

/** Sizes that add up to that of the axis. */
export function parts(operation: string, size: number, sizes: number | readonly number[]): number[] {
  if (typeof sizes === "number") {
    if (!(sizes > 0)) throw misuse(`${operation}: parts of ${sizes} elements`);
    const length = Math.max(1, Math.ceil(size / sizes));
    return Array.from({ length }, (_, part) => Math.min(sizes, size - part * sizes));
  }
  if (sizes.reduce((sum, part) => sum + part, 0) !== size)
    throw misuse(`${operation}: ${shown(sizes)} do not add up to ${size}`);
  return [...sizes];
}

export function unfolded(shape: Shape, axis: number, size: number, step: number): number[] {
  const room = (shape[axis] ?? 0) - size;
  if (!(room >= 0 && size >= 0 && step > 0))
    throw misuse(`unfold: windows of ${size} by ${step} on axis ${axis} of ${shown(shape)}`);
  return [...shape.with(axis, Math.floor(room / step) + 1), size];
}

export function diagonal(operation: string, shape: Shape, offset: number, a: number, b: number): number[] {
  if (a === b) throw misuse(`${operation}: one axis of ${shown(shape)} has no diagonal`);
  const rows = (shape[a] ?? 0) - Math.max(0, -offset);
  const columns = (shape[b] ?? 0) - Math.max(0, offset);
  const others = shape.filter((_, axis) => axis !== a && axis !== b);
  return [...others, Math.max(0, Math.min(rows, columns))];
}

export function diag(shape: Shape, offset: number): number[] {
  if (shape.length !== 1) return diagonal("diag", matrix("diag", shape, 2), offset, 0, 1);
  const side = (shape[0] ?? 0) + Math.abs(offset);
  return [side, side];
}

/** The shape, which must have two axes at least, or exactly so many. */
export function matrix(operation: string, shape: Shape, exactly?: number): Shape {
  if (shape.length < 2 || (exactly !== undefined && shape.length !== exactly))
    throw misuse(`${operation}: ${shown(shape)} is no matrix`);
  return shape;
}
