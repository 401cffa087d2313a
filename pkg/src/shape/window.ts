/** Shapes under windows. */
import { misuse } from "../errors.ts";
import type { Window } from "../operation.ts";
import { type Shape, shown } from "../shape.ts";

/** The last axes under sliding windows. */
export function pooled(operation: string, shape: Shape, windows: readonly Window[]): number[] {
  return lastAxes(operation, shape, windows, (size, window) => outputs(operation, size, window));
}

/** The last axes divided into so many parts. */
export function adaptive(operation: string, shape: Shape, sizes: readonly number[]): number[] {
  if (sizes.some((size) => !(size > 0))) throw misuse(`${operation}: parts ${shown(sizes)}`);
  return lastAxes(operation, shape, sizes, (_, parts) => parts);
}

function lastAxes<T>(
  operation: string,
  shape: Shape,
  each: readonly T[],
  size: (from: number, by: T) => number,
): number[] {
  const first = shape.length - each.length;
  if (first < 0) throw misuse(`${operation}: ${each.length} windows over ${shown(shape)}`);
  return [...shape.slice(0, first), ...each.map((by, at) => size(shape[first + at] ?? 0, by))];
}

/** How many windows an axis has. A hanging one counts unless it begins in the padding. */
function outputs(operation: string, size: number, window: Window): number {
  const [kernel, stride, padding, dilation, ceil] = window;
  const extent = dilation * (kernel - 1) + 1;
  const room = size + 2 * padding + (ceil ? stride - 1 : 0) - extent;
  const sound = kernel > 0 && stride > 0 && dilation > 0 && padding >= 0 && padding <= kernel / 2;
  if (!sound || room < 0) {
    const said = `kernel ${kernel}, stride ${stride}, padding ${padding}, dilation ${dilation}`;
    throw misuse(`${operation}: a window of ${said} does not fit an axis of ${size}`);
  }
  const count = Math.floor(room / stride) + 1;
  return ceil && (count - 1) * stride >= size + padding ? count - 1 : count;
}
