/** The tensors of one session. */
import type { Connection } from "./connection.ts";
import { CrypTabError, misuse } from "./errors.ts";
import type { Member } from "./events.ts";
import type { Making, Operation } from "./operation.ts";
import type { Cost } from "./results.ts";
import { count, shown } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Row by row. */
export type Numbers = Float64Array | readonly number[];

/**
 * One session: parties record the same operations, in the same order. Nothing waits until a result is
 * revealed, and what is recorded in one turn of the event loop shares rounds.
 *
 * Numbers are fixed point with 16 fraction bits; below 2^30 in products.
 */
export class Session {
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
  }

  /**
   * Enters a private tensor of `owner` (a name, or a slot), who alone passes `data`; all pass the shape.
   *
   * Error: at most 2^-17. Free. @throws {CrypTabError} when data and shape do not fit.
   */
  input(owner: string | number, shape: readonly number[], data?: Numbers): Tensor {
    const slot = this.slotOf(owner);
    const mine = this.#members().some((member) => member.you && member.slot === slot);
    if (mine && !data) throw misuse("input: the data of this party are missing");
    if (!mine && data) throw misuse(`input: the data belong to ${owner}`);
    const numbers = data && fitting("input", shape, data);
    return this.make(shape, { do: "input", owner: slot, shape: [...shape], data: numbers });
  }

  /** A tensor that all parties know. Free. @throws {CrypTabError} when data and shape do not fit. */
  constant(shape: readonly number[], data: Numbers): Tensor {
    const numbers = fitting("constant", shape, data);
    return this.make(shape, { do: "constant", shape: [...shape], data: numbers });
  }

  /** Tensors one after the other along `axis`. Exact, free. */
  concat(parts: readonly Tensor[], axis: number): Tensor {
    const [first, ...rest] = parts;
    if (!first) throw misuse("concat: nothing to join");
    return first.concat(rest, axis);
  }

  /** What everything recorded so far costs this party: known before it runs. */
  cost(): Promise<Cost> {
    this.#flush();
    return this.#connection.request("cost", {});
  }

  /** @internal */
  make(shape: readonly number[], how: Making): Tensor {
    this.#tensors += 1;
    const id = this.#tensors;
    if ("data" in how && how.data) this.#transfer.push(how.data.buffer);
    this.record({ do: "make", tensor: id, how });
    const tensor = new Tensor(this, id, shape);
    this.#lost.register(tensor, id);
    return tensor;
  }

  /** @internal */
  reveal(a: number, to?: number): Promise<Float64Array | undefined> {
    const { request, answer } = this.#connection.expect<Float64Array | undefined>();
    this.record({ do: "reveal", request, a, to });
    return answer;
  }

  /** @internal */
  record(operation: Operation): void {
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

  #flush(): void {
    if (this.#batch.length === 0) return;
    const operations = this.#batch.splice(0);
    this.#connection.tell({ type: "record", operations }, this.#transfer.splice(0));
  }
}

/** A copy, to be transferred. */
function fitting(operation: string, shape: readonly number[], data: Numbers): Float64Array<ArrayBuffer> {
  if (data.length !== count(shape)) {
    const message = `${operation}: ${data.length} numbers for shape ${shown(shape)}, which has ${count(shape)}`;
    throw new CrypTabError({ fault: "input", code: "data", message });
  }
  return new Float64Array(data);
}
