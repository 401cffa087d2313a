/** Handles to secret tensors. */
import { misuse } from "./errors.ts";
import type { Binary, Making, Unary } from "./operation.ts";
import type { Session } from "./session.ts";
import * as shapes from "./shape.ts";

/** Zeros, or the nearest element of the tensor. */
export type PadMode = "zero" | "edge";

/** `[start, end]` or `[start, end, step]` of an axis; a negative step walks backwards from `end - 1`. */
export type Range = readonly [start: number, end: number, step?: number];

/** One number for both directions, or vertical and horizontal. */
export type ConvolutionOptions = {
  stride?: number | readonly [number, number];
  padding?: number | readonly [number, number];
  dilation?: number | readonly [number, number];
  groups?: number;
};

/**
 * A tensor whose values are shared among the parties; this is a handle to it. Operations check shapes at
 * once, are recorded, and wait for nothing; {@link reveal} is what one awaits, and where an error of the
 * engine shows.
 *
 * Rounds and bytes are per element and per party and peer, from bare shares; a tensor that was used before
 * costs less. One unit in the last place is 2^-16.
 */
export class Tensor {
  /** Sizes of the axes. */
  readonly shape: readonly number[];
  readonly #session: Session;
  readonly #id: number;

  /** @internal */
  constructor(session: Session, id: number, shape: readonly number[]) {
    this.#session = session;
    this.#id = id;
    this.shape = [...shape];
  }

  /** `this + other`, shapes broadcast. Exact, free. */
  add(other: Tensor): Tensor {
    return this.#elementwise("add", other);
  }

  /** `this - other`, shapes broadcast. Exact, free. */
  sub(other: Tensor): Tensor {
    return this.#elementwise("sub", other);
  }

  /** `this * other`, element by element, shapes broadcast. Error below 1 unit. 2 rounds, 24 bytes. */
  mul(other: Tensor): Tensor {
    return this.#elementwise("mul", other);
  }

  /**
   * Matrix product, `[..., n, k] x [..., k, m]` to `[..., n, m]`, as in PyTorch: vectors count as one row
   * or column, leading axes broadcast. Error below 1 unit, whatever `k`. 2 rounds; 8 bytes per element of
   * the operands and of the result.
   */
  matmul(other: Tensor): Tensor {
    return this.#with(other, "matmul", shapes.matmul(this.shape, other.shape));
  }

  /**
   * Convolution (cross-correlation) of `[N, C, H, W]` with a kernel `[O, C / groups, kh, kw]` to
   * `[N, O, H', W']`. Error and cost as {@link matmul}.
   */
  conv2d(kernel: Tensor, options: ConvolutionOptions = {}): Tensor {
    this.#same(kernel, "conv2d");
    const [stride, padding, dilation] = [
      pair(options.stride, 1),
      pair(options.padding, 0),
      pair(options.dilation, 1),
    ];
    const groups = options.groups ?? 1;
    const shape = shapes.conv2d(this.shape, kernel.shape, { stride, padding, dilation, groups });
    const parameters = [...stride, ...padding, ...dilation, groups];
    return this.#next(shape, { do: "conv2d", a: this.#id, kernel: kernel.#id, parameters });
  }

  /** `this * this`. Error below 1 unit. 2 rounds, 16 bytes. */
  square(): Tensor {
    return this.#unary("square");
  }

  /** `-this`. Exact, free. */
  neg(): Tensor {
    return this.#unary("neg");
  }

  /** `[this < other]`: 1 where it holds, 0 elsewhere; shapes broadcast. Exact. 3 rounds, 14 bytes. */
  lt(other: Tensor): Tensor {
    return this.#elementwise("lt", other);
  }

  /** `[this > other]`. As {@link lt}. */
  gt(other: Tensor): Tensor {
    return this.#elementwise("gt", other);
  }

  /** `[this <= other]`. As {@link lt}. */
  le(other: Tensor): Tensor {
    return this.#elementwise("le", other);
  }

  /** `[this >= other]`. As {@link lt}. */
  ge(other: Tensor): Tensor {
    return this.#elementwise("ge", other);
  }

  /** `[this = other]`. Exact. 3 rounds, 11.3 bytes. */
  eq(other: Tensor): Tensor {
    return this.#elementwise("eq", other);
  }

  /** `1 - this`, for results of comparisons. Exact, free. */
  not(): Tensor {
    return this.#unary("not");
  }

  /** Results of comparisons as numbers 0 and 1. Exact. 1 round, 1 bit. */
  toNumber(): Tensor {
    return this.#unary("toNumber");
  }

  /** This tensor where `condition` (a result of comparisons) holds, `other` elsewhere. Exact. 1 round, 8.1 bytes. */
  where(condition: Tensor, other: Tensor): Tensor {
    this.#same(condition, "where");
    this.#same(other, "where");
    const shape = shapes.broadcast(
      "where",
      condition.shape,
      shapes.broadcast("where", this.shape, other.shape),
    );
    return this.#next(shape, { do: "where", condition: condition.#id, a: this.#id, b: other.#id });
  }

  /** max(this, 0). Exact. 4 rounds, 14.2 bytes. */
  relu(): Tensor {
    return this.#unary("relu");
  }

  /** |this|. Exact. 4 rounds, 14.2 bytes. */
  abs(): Tensor {
    return this.#unary("abs");
  }

  /** min(max(this, low), high) with public bounds. Exact. 4 rounds, 20.3 bytes. */
  clamp(low: number, high: number): Tensor {
    if (!(low <= high)) throw misuse(`clamp: the bounds ${low} and ${high} are crossed`);
    return this.#next(this.shape, { do: "clamp", a: this.#id, low, high });
  }

  /** max(this, bound) with a public bound. Exact. 4 rounds, 14.2 bytes. */
  maximum(bound: number): Tensor {
    return this.#next(this.shape, { do: "clamp", a: this.#id, low: bound });
  }

  /** min(this, bound) with a public bound. Exact. 4 rounds, 14.2 bytes. */
  minimum(bound: number): Tensor {
    return this.#next(this.shape, { do: "clamp", a: this.#id, high: bound });
  }

  /** The nearest integers, halves upwards. Exact. 3 rounds, 9 bytes. */
  round(): Tensor {
    return this.#unary("round");
  }

  /**
   * Declares that all values are below `2^(width - 17)`: comparisons get cheaper. Free. Outside this range
   * they are wrong, silently.
   */
  within(width: number): Tensor {
    return this.#next(this.shape, { do: "within", a: this.#id, width });
  }

  /** The sum over `axes` (all by default), which stay with size 1 if `keep`. Exact, free. */
  sum(axes?: readonly number[], keep = false): Tensor {
    return this.#reduce("sum", axes, keep);
  }

  /** The mean over `axes` (all by default), which stay with size 1 if `keep`. Error below 2 units. 2 rounds. */
  mean(axes?: readonly number[], keep = false): Tensor {
    return this.#reduce("mean", axes, keep);
  }

  /** The same elements in another shape. Exact, free. */
  reshape(shape: readonly number[]): Tensor {
    return this.#arrange("reshape", shapes.reshape(this.shape, shape), shape);
  }

  /** The axes in another order. Exact, free. */
  permute(axes: readonly number[]): Tensor {
    return this.#arrange("permute", shapes.permute(this.shape, axes), axes);
  }

  /** Repeated along axes of size 1 and new leading axes. Exact, free. */
  broadcastTo(shape: readonly number[]): Tensor {
    return this.#arrange("broadcastTo", shapes.broadcastTo(this.shape, shape), shape);
  }

  /** A range of every axis. Exact, free. */
  slice(ranges: readonly Range[]): Tensor {
    const full = ranges.map(([start, end, step = 1]) => [start, end, step] as const);
    const shape = shapes.slice(this.shape, full);
    return this.#next(shape, { do: "slice", a: this.#id, ranges: full.flat() });
  }

  /** Elements added before and after every axis. Exact, free. */
  pad(widths: readonly (readonly [number, number])[], mode: PadMode = "zero"): Tensor {
    const shape = shapes.pad(this.shape, widths);
    return this.#next(shape, { do: "pad", a: this.#id, widths: widths.flat(), edge: mode === "edge" });
  }

  /** This tensor and others, one after the other along `axis`. Exact, free. */
  concat(others: readonly Tensor[], axis: number): Tensor {
    const parts = [this, ...others];
    for (const part of others) this.#same(part, "concat");
    const shape = shapes.concat(
      parts.map((part) => part.shape),
      axis,
    );
    return this.#next(shape, { do: "concat", parts: parts.map((part) => part.#id), axis });
  }

  /** Opens the tensor to all parties: the numbers, row by row. Exact. 1 round, 8 bytes. */
  async reveal(): Promise<Float64Array> {
    return (await this.#session.reveal(this.#id)) ?? new Float64Array();
  }

  /**
   * Opens the tensor to one party (a name, or a slot) alone; the others get nothing. Exact. 1 round, 8 bytes.
   *
   * A reveal that fails half-way still counts as revealed.
   */
  revealTo(receiver: string | number): Promise<Float64Array | undefined> {
    return this.#session.reveal(this.#id, this.#session.slotOf(receiver));
  }

  #elementwise(name: Binary, other: Tensor): Tensor {
    return this.#with(other, name, shapes.broadcast(name, this.shape, other.shape));
  }

  #with(other: Tensor, name: Binary, shape: readonly number[]): Tensor {
    this.#same(other, name);
    return this.#next(shape, { do: "binary", name, a: this.#id, b: other.#id });
  }

  #unary(name: Unary): Tensor {
    return this.#next(this.shape, { do: "unary", name, a: this.#id });
  }

  #reduce(kind: "sum" | "mean", axes: readonly number[] | undefined, keep: boolean): Tensor {
    const over = axes ?? this.shape.map((_, axis) => axis);
    const shape = shapes.reduce(kind, this.shape, over, keep);
    return this.#next(shape, { do: kind, a: this.#id, axes: [...over], keep });
  }

  #arrange(
    kind: "reshape" | "permute" | "broadcastTo",
    shape: readonly number[],
    sizes: readonly number[],
  ): Tensor {
    return this.#next(shape, { do: kind, a: this.#id, sizes: [...sizes] });
  }

  #next(shape: readonly number[], how: Making): Tensor {
    return this.#session.make(shape, how);
  }

  #same(other: Tensor, operation: string): void {
    if (other.#session === this.#session) return;
    throw misuse(`${operation}: the tensors belong to different sessions`);
  }
}

function pair(given: number | readonly [number, number] | undefined, usual: number): [number, number] {
  const value = given ?? usual;
  return typeof value === "number" ? [value, value] : [...value];
}
