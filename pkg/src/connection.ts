/** The page's end of the line to the Worker. */
import type { BenchOptions } from "./bench.ts";
import { DirectConnections } from "./direct/connections.ts";
import { CrypTabError, type Failure } from "./errors.ts";
import type { Acquaintance, SessionEvent } from "./events.ts";
import type { FromWorker, Request, Requests, ToWorker, WorkerEvent } from "./messages.ts";

export class Connection {
  onEvent: (event: SessionEvent) => void = () => {};
  onAcquainted: (acquaintance: Acquaintance) => void = () => {};
  bench: BenchOptions = {};
  #worker = new Worker(new URL("./worker/worker.js", import.meta.url), { type: "module", name: "cryptab" });
  #pending = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #direct = new DirectConnections();
  #requests = 0;
  #ended: CrypTabError | undefined;
  #tellGone: () => void = () => {};
  #gone = new Promise<void>((resolve) => {
    this.#tellGone = resolve;
  });

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end({ fault: "bug", code: "bug", message: event.message || "the Worker could not be started" });
    };
  }

  /** Asks the Worker, and waits for its answer. */
  request<K extends Request>(
    type: K,
    asks: Requests[K]["asks"],
    transfer: Transferable[] = [],
  ): Promise<Requests[K]["answer"]> {
    const { request, answer } = this.expect<Requests[K]["answer"]>();
    // The compiler cannot follow that a request of kind K has the fields of kind K.
    this.tell({ type, request, ...asks } as unknown as ToWorker, transfer);
    return answer;
  }

  /** A number for a request, and the promise of its answer. */
  expect<A>(): { request: number; answer: Promise<A> } {
    this.#requests += 1;
    const request = this.#requests;
    const answer = new Promise<A>((resolve, reject) => {
      if (this.#ended) reject(this.#ended);
      else this.#pending.set(request, { resolve: resolve as (answer: unknown) => void, reject });
    });
    return { request, answer };
  }

  tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Lets the Worker say goodbye, then ends it. What is pending rejects, for the reason given. */
  async close(reason: Failure = LEFT): Promise<void> {
    if (!this.#ended) {
      this.tell({ type: "close" });
      this.#end(reason);
      await Promise.race([this.#gone, after(PATIENCE)]);
    }
    await after(GOODBYE);
    this.#direct.close();
    this.#worker.terminate();
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case "answer":
        this.#take(message.request)?.resolve(message.answer);
        break;
      case "failure":
        this.#take(message.request)?.reject(new CrypTabError(message.failure));
        break;
      case "event":
        this.onEvent(shown(message.event));
        break;
      case "acquainted":
        this.onAcquainted(message.acquaintance);
        break;
      case "direct":
        this.#direct.connect(message.line, message.offers, message.site);
        break;
      case "row-started":
        this.bench.onStart?.(message.row, message.at, message.of);
        break;
      case "row":
        this.bench.onRow?.(message.row);
        break;
      case "gone":
        this.#tellGone();
        break;
      case "broken":
        this.#tellGone();
        this.#end(message.failure);
        break;
    }
  }

  #take(request: number) {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    return pending;
  }

  #end(failure: Failure): void {
    if (this.#ended) return;
    this.#ended = new CrypTabError(failure);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    if (failure.fault === "bug") this.onEvent({ type: "failed", error: this.#ended });
    this.onEvent({ type: "closed" });
  }
}

function shown(event: WorkerEvent): SessionEvent {
  return event.type === "failed" ? { type: "failed", error: new CrypTabError(event.failure) } : event;
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const LEFT: Failure = { fault: "misuse", code: "ended", message: "this party left the room" };
/** Milliseconds that closing WebSockets may take. */
const GOODBYE = 100;
/** And that forgetting a journal may take, before the last words leave. */
const PATIENCE = 1_000;
