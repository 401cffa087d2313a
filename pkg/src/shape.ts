/** Shapes of results, known before anything is computed. The engine checks them again. */
import { type CrypTabError, misuse } from "./errors.ts";
import type { Convolution } from "./operation.ts";

export type Shape = readonly number[];

type Pair = readonly [number, number];

/** The number of elements. */
export function count(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function shown(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The axis, counted from the start. */
export function axis(operation: string, shape: Shape, dim: number): number {
  const at = dim < 0 ? dim + shape.length : dim;
  if (shape[at] === undefined) throw misuse(`${operation}: no axis ${dim} in ${shown(shape)}`);
  return at;
}

/** The axes, counted from the start; all of them by default. None may be named twice. */
export function axes(operation: string, shape: Shape, dim: number | Shape | undefined): number[] {
  if (dim === undefined) return shape.map((_, at) => at);
  const all = (typeof dim === "number" ? [dim] : dim).map((one) => axis(operation, shape, one));
  if (new Set(all).size !== all.length) throw misuse(`${operation}: axes ${dim} of ${shown(shape)}`);
  return all;
}

/** The place of a new axis, counted from the start. */
export function place(operation: string, shape: Shape, dim: number): number {
  const at = dim < 0 ? dim + shape.length + 1 : dim;
  if (!Number.isInteger(at) || at < 0 || at > shape.length)
    throw misuse(`${operation}: no place ${dim} in ${shown(shape)}`);
  return at;
}

export function inserted(shape: Shape, at: number, size: number): number[] {
  return shape.toSpliced(at, 0, size);
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
  const rest = count(to.filter((size) => size !== -1));
  const full = to.map((size) => (size === -1 ? count(from) / rest : size));
  const sound = full.every((size) => Number.isInteger(size) && size >= 0);
  if (!sound || count(from) !== count(full)) throw unfit("reshape", from, to);
  return full;
}

export function permute(shape: Shape, axes: Shape): number[] {
  const sound = axes.length === shape.length && new Set(axes).size === axes.length;
  if (!sound || axes.some((axis) => shape[axis] === undefined)) throw unfit("permute", shape, axes);
  return axes.map((axis) => shape[axis] ?? 0);
}

export function broadcastTo(operation: string, from: Shape, to: Shape): number[] {
  const shape = broadcast(operation, from, to);
  if (shown(shape) !== shown(to)) throw unfit(operation, from, to);
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

/** Widths before and after every axis; a constant may also be taken away, a border has what there is. */
export function pad(
  shape: Shape,
  widths: readonly Pair[],
  mode: "constant" | "replicate" | "reflect" | "circular",
): number[] {
  if (widths.length !== shape.length) throw unfit("pad", shape, widths.flat());
  return shape.map((size, axis) => {
    const pair = widths[axis] ?? [0, 0];
    const least = mode === "constant" ? -size : 0;
    const most = { constant: Infinity, replicate: Infinity, reflect: size - 1, circular: size }[mode];
    const padded = size + pair[0] + pair[1];
    const sound = pair.every((width) => width >= least && width <= Math.max(0, most));
    if (!sound || padded < 0) throw misuse(`pad: ${shown(pair)} around axis ${axis} of ${shown(shape)}`);
    return padded;
  });
}

export function concat(operation: string, shapes: readonly Shape[], axis: number): number[] {
  const [first = [], ...rest] = shapes;
  for (const shape of rest) {
    const fits =
      shape.length === first.length && shape.every((size, at) => at === axis || size === first[at]);
    if (!fits) throw unfit(operation, first, shape);
  }
  const total = shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
  return first.with(axis, total);
}

/** Without these axes, or with size 1 there. */
export function reduce(shape: Shape, axes: Shape, keep: boolean): number[] {
  return shape.flatMap((size, axis) => {
    if (!axes.includes(axis)) return [size];
    return keep ? [1] : [];
  });
}

function unfit(operation: string, a: Shape, b: Shape): CrypTabError {
  return misuse(`${operation}: ${shown(a)} and ${shown(b)} do not fit`);
}
