/** The tensors of one session. */
import type { Connection } from "./connection.ts";
import { CrypTabError, misuse } from "./errors.ts";
import type { Member } from "./events.ts";
import type { Making, Operation } from "./operation.ts";
import type { Cost, Kind } from "./results.ts";
import { count, shown } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Fraction bits: 0 for integers. */
export type EntryOptions = { fracBits?: number };

/** Row by row. */
export type Numbers = Float64Array | readonly number[];

/**
 * One session: parties record the same operations, in the same order. Nothing waits until a result is
 * revealed, and what is recorded in one turn of the event loop shares rounds.
 *
 * Numbers are fixed point with 16 fraction bits; below 2^30 in products.
 */
export class Session {
  /** The session under way: what others still say, their tensors and promised data, means nothing in it. */
  static #current = new WeakMap<Connection, Session>();
  #connection: Connection;
  #members: () => readonly Member[];
  #tensors = 0;
  #batch: Operation[] = [];
  #transfer: Transferable[] = [];
  // Cleared by the garbage collector's word: the engine forgets tensors that the page has lost.
  #lost = new FinalizationRegistry<number>((tensor) => this.record({ do: "forget", tensor }));

  /** @internal */
  constructor(connection: Connection, members: () => readonly Member[]) {
    this.#connection = connection;
    this.#members = members;
    Session.#current.set(connection, this);
  }

  /**
   * Enters a private tensor of `owner` (a name, or a slot), who alone passes `data`; all pass the shape.
   *
   * Fixed point with 16 fraction bits, unless told otherwise: error at most half a unit. Free.
   *
   * The data may be a promise: what follows is recorded meanwhile, and the dealer deals for it ({@link dealt}),
   * so that only the rounds between the parties are left when the data come. If it is rejected, or its data do
   * not fit, the session ends with that error; the others learn no reason.
   *
   * @throws {CrypTabError} when data and shape do not fit.
   */
  input(
    owner: string | number,
    shape: readonly number[],
    data?: Numbers | PromiseLike<Numbers>,
    { fracBits }: EntryOptions = {},
  ): Tensor {
    const slot = this.slotOf(owner);
    const mine = this.#members().some((member) => member.you && member.slot === slot);
    if (mine && !data) throw misuse("input: the data of this party are missing");
    if (!mine && data) throw misuse(`input: the data belong to ${owner}`);
    if (data && "then" in data) return this.#later(shape, data, fracBits);
    const numbers = data && fitting("input", shape, data);
    return this.#entered(shape, { do: "input", owner: slot, shape: [...shape], data: numbers, fracBits });
  }

  /**
   * A tensor that all parties know: with as few fraction bits as make it exact, else 28 significant bits,
   * unless told otherwise. Free.
   *
   * @throws {CrypTabError} when data and shape do not fit.
   */
  constant(shape: readonly number[], data: Numbers, { fracBits }: EntryOptions = {}): Tensor {
    const numbers = fitting("constant", shape, data);
    return this.#entered(shape, { do: "constant", shape: [...shape], data: numbers, fracBits });
  }

  /**
   * Uniform numbers from 0 on, below 1, that nobody knows: each tab draws bits of its own from the browser's
   * generator, and the number is made of their sums modulo 2. Exact multiples of a unit. 1 round, 2 bytes.
   */
  rand(shape: readonly number[]): Tensor {
    return this.#entered(shape, { do: "rand", shape: [...shape] });
  }

  /**
   * Numbers of mean 0 and deviation 1, normally distributed, that nobody knows: see {@link rand}. The
   * distribution function errs by less than 2^-12. 6 rounds.
   */
  randn(shape: readonly number[]): Tensor {
    return this.#entered(shape, { do: "randn", shape: [...shape] });
  }

  /**
   * Integers from `low` on, below `high`, that nobody knows: see {@link rand}. Up to 2^47 of them, each as likely
   * as any other, up to a statistical distance of 2^-40. 4 rounds, 1 if their number is a power of two.
   *
   * @throws {CrypTabError} when there are no such integers.
   */
  randint(low: number, high: number, shape: readonly number[]): Tensor {
    const fits = Number.isSafeInteger(low) && Number.isSafeInteger(high) && low < high;
    if (!fits || high - low > 2 ** 47) throw misuse(`randint: from ${low} to ${high}`);
    return this.#entered(shape, { do: "randint", low, high, shape: [...shape] });
  }

  /** The integers below `count` in an order that nobody knows: that of random numbers. 6 rounds. */
  randperm(count: number): Tensor {
    return this.#entered([count], { do: "randperm", count });
  }

  /** The number of parties. */
  get parties(): number {
    return this.#members().length;
  }

  /** Tensors one after the other along an axis. Exact, free. */
  concat(parts: readonly Tensor[], dim: number): Tensor {
    const [first, ...rest] = parts;
    if (!first) throw misuse("concat: nothing to join");
    return first.concat(rest, dim);
  }

  /** Tensors of one shape along a new axis. Exact, free. */
  stack(parts: readonly Tensor[], dim = 0): Tensor {
    const [first, ...rest] = parts;
    if (!first) throw misuse("stack: nothing to join");
    return first.stack(rest, dim);
  }

  /** Resolves when the dealer has sent everything that was recorded so far takes. */
  dealt(): Promise<void> {
    return this.#asked((request) => ({ do: "dealt", request }));
  }

  /** What everything recorded so far costs this party: known before it runs. */
  cost(): Promise<Cost> {
    if (this.#isOver) return Promise.reject(over());
    this.#flush();
    return this.#connection.request("cost", {});
  }

  /** @internal */
  make(shapes: readonly (readonly number[])[], how: Making): Tensor[] {
    const first = this.#tensors + 1;
    this.#tensors += shapes.length;
    this.record({ do: "make", tensors: shapes.map((_, at) => first + at), shapes, how });
    return shapes.map((shape, at) => {
      const tensor = new Tensor(this, first + at, shape);
      this.#lost.register(tensor, first + at);
      return tensor;
    });
  }

  /** @internal */
  change(tensor: number, shape: readonly number[], how: Making): void {
    this.record({ do: "make", tensors: [tensor], shapes: [shape], how });
  }

  /** @internal */
  reveal(a: number, to?: number): Promise<Float64Array | undefined> {
    return this.#asked((request) => ({ do: "reveal", request, a, to }));
  }

  /** @internal */
  localShare(a: number): Promise<BigUint64Array> {
    return this.#asked((request) => ({ do: "share", request, a }));
  }

  /** @internal */
  kind(a: number): Promise<Kind> {
    return this.#asked((request) => ({ do: "kind", request, a }));
  }

  /** @internal */
  record(operation: Operation): void {
    if (this.#isOver) return;
    if (this.#batch.length === 0) queueMicrotask(() => this.#flush());
    this.#batch.push(operation);
  }

  /** @internal */
  slotOf(party: string | number): number {
    const members = this.#members();
    const named = members.filter(({ slot, name }) => party === slot || party === name);
    if (named.length === 1 && named[0]) return named[0].slot;
    const names = members.map(({ name }) => name).join(", ");
    throw misuse(`nobody here is called ${party}: there are ${names}`);
  }

  #entered(shape: readonly number[], how: Making): Tensor {
    if ("data" in how && how.data) this.#transfer.push(how.data.buffer);
    return this.make([shape], how)[0] as Tensor;
  }

  #later(shape: readonly number[], data: PromiseLike<Numbers>, fracBits: number | undefined): Tensor {
    const tensor = this.#tensors + 1;
    const entered = this.#entered(shape, { do: "input-later", shape: [...shape], fracBits });
    const sizes = [...shape];
    const enter = (numbers: Numbers) => {
      const data = fitting("input", sizes, numbers);
      if (!this.#isOver) this.#transfer.push(data.buffer);
      this.record({ do: "enter", tensor, data });
    };
    const abandon = (reason: unknown) => {
      this.record({
        do: "abandon",
        tensor,
        reason: reason instanceof Error ? reason.message : String(reason),
      });
    };
    data.then(enter).then(undefined, abandon);
    return entered;
  }

  get #isOver(): boolean {
    return Session.#current.get(this.#connection) !== this;
  }

  #asked<A>(operation: (request: number) => Operation): Promise<A> {
    if (this.#isOver) return Promise.reject(over());
    const { request, answer } = this.#connection.expect<A>();
    this.record(operation(request));
    return answer;
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    const operations = this.#batch.splice(0);
    this.#connection.tell({ type: "record", operations }, this.#transfer.splice(0));
  }
}

function over(): CrypTabError {
  const message = "the tensor belongs to a session that is over";
  return new CrypTabError({ fault: "misuse", code: "ended", message });
}

/** A copy, to be transferred. */
function fitting(operation: string, shape: readonly number[], data: Numbers): Float64Array<ArrayBuffer> {
  if (data.length !== count(shape)) {
    const message = `${operation}: ${data.length} numbers for shape ${shown(shape)}, which has ${count(shape)}`;
    throw new CrypTabError({ fault: "input", code: "data", message });
  }
  return new Float64Array(data);
}
