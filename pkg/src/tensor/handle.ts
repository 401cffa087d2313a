/** What every part of a tensor's face rests on. */
import { misuse } from "../errors.ts";
import type { FunctionName, Making, Parameters } from "../operation.ts";
import type { Kind } from "../results.ts";
import type { Session } from "../session.ts";
import * as shapes from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** An axis, or several; negative ones count from the end. */
export type Dims = number | readonly number[];

/** Axes that are reduced (all by default); they disappear, or stay with size 1 if `keepDim`. */
export type Over = { dim?: Dims; keepDim?: boolean };

/** One axis that is reduced; it disappears, or stays with size 1 if `keepDim`. */
export type Along = { dim: number; keepDim?: boolean };

/** Elements that were looked for, and where they were. */
export type Found = { values: Tensor; indices: Tensor };

/** A handle to a secret tensor, without its functions. */
export abstract class Handle {
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

  /** The number of elements. */
  get numel(): number {
    return shapes.count(this.shape);
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** What the elements are: bits or numbers, with how many fraction bits, known to all or secret. */
  kind(): Promise<Kind> {
    return this.#session.kind(this.#id);
  }

  /** Opens the tensor to all parties: the numbers, row by row. Exact. 1 round, 8 bytes (of bits: 1 bit). */
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

  /** What this party holds of the tensor, in the ring of 64-bit words: it looks like noise. Free. */
  localShare(): Promise<BigUint64Array> {
    return this.#session.localShare(this.#id);
  }

  /** Records an in-place function of this tensor. */
  protected change<N extends FunctionName>(
    name: N,
    others: readonly Handle[],
    ...parameters: Parameters[N]
  ): void {
    this.#session.change(this.#id, this.shape, this.#applied(name, others, parameters));
  }

  /** Records a function with one result of this shape; this tensor is its first operand. */
  protected one<N extends FunctionName>(
    name: N,
    shape: readonly number[],
    others: readonly Handle[],
    ...parameters: Parameters[N]
  ): Tensor {
    return this.many(name, [shape], others, ...parameters)[0] as Tensor;
  }

  /** Records a function with a result of each of these shapes. */
  protected many<N extends FunctionName>(
    name: N,
    results: readonly (readonly number[])[],
    others: readonly Handle[],
    ...parameters: Parameters[N]
  ): Tensor[] {
    return this.#session.make(results, this.#applied(name, others, parameters));
  }

  /** Records a function whose results are elements and where they were, both of this shape. */
  protected found<N extends FunctionName>(
    name: N,
    shape: readonly number[],
    ...parameters: Parameters[N]
  ): Found {
    const [values, indices] = this.many(name, [shape, shape], [], ...parameters) as [Tensor, Tensor];
    return { values, indices };
  }

  #applied(name: FunctionName, others: readonly Handle[], parameters: readonly unknown[]): Making {
    for (const other of others) {
      if (other.#session !== this.#session) throw misuse(`${name}: the tensors belong to different sessions`);
    }
    const operands = [this.#id, ...others.map((other) => other.#id)];
    return { do: "apply", name, operands, with: parameters };
  }

  /** The operand, or a number as a tensor that all know. */
  protected operand(other: Tensor | number): Tensor {
    return typeof other === "number" ? this.#session.constant([], [other]) : other;
  }

  /** The axis, counted from the start. */
  protected axis(operation: string, dim: number): number {
    return shapes.axis(operation, this.shape, dim);
  }

  /** The axes, counted from the start; all of them by default. */
  protected axes(operation: string, dim: Dims | undefined): number[] {
    return shapes.axes(operation, this.shape, dim);
  }
}
