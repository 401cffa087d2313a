/** The Worker: the only place that holds the engine. One Worker is one party. */
import load, { createRoom, readInvite } from "../../dist/wasm/cryptab_wasm.js";
import { failureOf } from "../errors.ts";
import type { FromWorker, ToWorker } from "../messages.ts";
import { Party } from "./party.ts";

/** The part of a Worker's global scope that is used here. */
type Scope = {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: "error" | "unhandledrejection", listener: (event: Event) => void): void;
  close(): void;
};

const scope = self as unknown as Scope;

function tell(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

/** Nothing works any more: a panic, or a module that cannot be loaded. */
function breakDown(thrown: unknown): void {
  tell({ type: "broken", failure: { ...failureOf(thrown), fault: "bug", code: "bug" } });
}

scope.addEventListener("error", (event) => breakDown(event instanceof ErrorEvent ? event.error : event.type));
scope.addEventListener("unhandledrejection", (event) =>
  breakDown(event instanceof PromiseRejectionEvent ? event.reason : event.type),
);

const loaded = load();
const party = new Party(tell);

scope.onmessage = ({ data }) => {
  // Messages keep their order: each waits for the same promise.
  loaded.then(() => take(data)).catch(breakDown);
};

function take(message: ToWorker): void {
  switch (message.type) {
    case "create":
      answer(message.request, async () => createRoom(message.options));
      break;
    case "read":
      answer(message.request, async () => readInvite(message.link));
      break;
    case "order":
      answer(message.request, () => party.order(message));
      break;
    case "join":
      answer(message.request, () => party.join(message));
      break;
    case "photo":
      answer(message.request, () => party.photo(message));
      break;
    case "bench":
      answer(message.request, () => party.bench(message));
      break;
    case "stop-bench":
      party.stopBench();
      break;
    case "confirm":
      answer(message.request, () => party.confirm(message.compared));
      break;
    case "accept":
      answer(message.request, () => party.accept(message));
      break;
    case "cost":
      answer(message.request, async () => party.cost());
      break;
    case "record":
      party.record(message.operations, answer);
      break;
    case "close":
      party.close().then(() => {
        tell({ type: "gone" });
        scope.close();
      }, breakDown);
      break;
  }
}

/** Answers a request with what the work gives, or with its failure. */
function answer(request: number, work: () => Promise<unknown>): void {
  work().then(
    (answer) => tell({ type: "answer", request, answer }, transferable(answer)),
    (thrown: unknown) => {
      if (thrown instanceof WebAssembly.RuntimeError) breakDown(thrown);
      tell({ type: "failure", request, failure: failureOf(thrown) });
    },
  );
}

/** The buffers of pixels and numbers, which are handed over instead of copied. */
function transferable(answer: unknown): Transferable[] {
  if (answer instanceof Float64Array || answer instanceof BigUint64Array) return [answer.buffer];
  if (typeof answer !== "object" || answer === null) return [];
  return Object.values(answer).flatMap((part: unknown) =>
    typeof part === "object" && part !== null && "data" in part && ArrayBuffer.isView(part.data)
      ? [part.data.buffer as ArrayBuffer]
      : [],
  );
}
