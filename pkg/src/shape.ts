/** Shapes of results, known before anything is computed. The engine checks them again. */
import { type CrypTabError, misuse } from "./errors.ts";

export type Shape = readonly number[];

type Pair = readonly [number, number];
type Convolution = { stride: Pair; padding: Pair; dilation: Pair; groups: number };

/** The number of elements. */
export function count(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function shown(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Axes are aligned at the end; sizes of 1 repeat. */
export function broadcast(operation: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw unfit(operation, a, b);
    return x === 1 ? y : x;
  });
}

export function matmul(a: Shape, b: Shape): number[] {
  if (a.length === 0 || b.length === 0) throw unfit("matmul", a, b);
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const [rows = 0, inner = 0] = left.slice(-2);
  const [depth = 0, columns = 0] = right.slice(-2);
  if (inner !== depth) throw unfit("matmul", a, b);
  const shape = broadcast("matmul", left.slice(0, -2), right.slice(0, -2));
  if (a.length > 1) shape.push(rows);
  if (b.length > 1) shape.push(columns);
  return shape;
}

export function conv2d(
  x: Shape,
  kernel: Shape,
  { stride, padding, dilation, groups }: Convolution,
): number[] {
  const [images = 0, channels = 0, ...image] = x;
  const [outputs = 0, depth = 0, ...taps] = kernel;
  const channelsFit = depth * groups === channels && outputs % groups === 0;
  if (x.length !== 4 || kernel.length !== 4 || !channelsFit) throw unfit("conv2d", x, kernel);
  const sizes = [0, 1].map((axis) => {
    const [size = 0, side = 0] = [image[axis], taps[axis]];
    const [step = 0, border = 0, gap = 0] = [stride[axis], padding[axis], dilation[axis]];
    const room = size + 2 * border - gap * (side - 1) - 1;
    if (room < 0 || step < 1 || gap < 1) throw unfit("conv2d", x, kernel);
    return Math.floor(room / step) + 1;
  });
  return [images, outputs, ...sizes];
}

export function reshape(from: Shape, to: Shape): number[] {
  if (count(from) !== count(to)) throw unfit("reshape", from, to);
  return [...to];
}

export function permute(shape: Shape, axes: Shape): number[] {
  const sound = axes.length === shape.length && new Set(axes).size === axes.length;
  if (!sound || axes.some((axis) => shape[axis] === undefined)) throw unfit("permute", shape, axes);
  return axes.map((axis) => shape[axis] ?? 0);
}

export function broadcastTo(from: Shape, to: Shape): number[] {
  const shape = broadcast("broadcastTo", from, to);
  if (shown(shape) !== shown(to)) throw unfit("broadcastTo", from, to);
  return shape;
}

export function slice(shape: Shape, ranges: readonly (readonly [number, number, number])[]): number[] {
  if (ranges.length !== shape.length) throw unfit("slice", shape, ranges.flat());
  return ranges.map(([start, end, step], axis) => {
    const sound = start >= 0 && start <= end && end <= (shape[axis] ?? 0) && step !== 0;
    if (!sound || ![start, end, step].every(Number.isInteger))
      throw unfit("slice", shape, [start, end, step]);
    return Math.ceil((end - start) / Math.abs(step));
  });
}

export function pad(shape: Shape, widths: readonly Pair[]): number[] {
  const sound = widths.length === shape.length && widths.flat().every((width) => width >= 0);
  if (!sound) throw unfit("pad", shape, widths.flat());
  return shape.map((size, axis) => size + (widths[axis]?.[0] ?? 0) + (widths[axis]?.[1] ?? 0));
}

export function concat(shapes: readonly Shape[], axis: number): number[] {
  const [first = [], ...rest] = shapes;
  if (first[axis] === undefined) throw misuse(`concat: no axis ${axis} in ${shown(first)}`);
  for (const shape of rest) {
    const fits =
      shape.length === first.length && shape.every((size, at) => at === axis || size === first[at]);
    if (!fits) throw unfit("concat", first, shape);
  }
  const total = shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
  return first.with(axis, total);
}

export function reduce(operation: string, shape: Shape, axes: Shape, keep: boolean): number[] {
  if (new Set(axes).size !== axes.length || axes.some((axis) => shape[axis] === undefined))
    throw misuse(`${operation}: axes ${shown(axes)} of shape ${shown(shape)}`);
  return shape.flatMap((size, axis) => {
    if (!axes.includes(axis)) return [size];
    return keep ? [1] : [];
  });
}

function unfit(operation: string, a: Shape, b: Shape): CrypTabError {
  return misuse(`${operation}: ${shown(a)} and ${shown(b)} do not fit`);
}
