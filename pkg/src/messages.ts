/** What page and Worker say to each other. */
import type { BenchEntry } from "./bench.ts";
import type { Failure } from "./errors.ts";
import type { DealerState, Member, Progress, Role } from "./events.ts";
import type { Operation } from "./operation.ts";
import type { Adjust, BenchRow, Cost, Stats } from "./results.ts";
import type { Evaluator, Route } from "./room.ts";

/** Pixels as they cross: RGBA, transferred. */
export type Picture = { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> };

export type InviteOptions = {
  origin: string;
  parties: number;
  program: string;
  dealerKey: string;
  dealerUrl?: string | undefined;
  lifetime: number;
};

/** What the page asks, and what it is answered. */
export type Requests = {
  invite: { asks: { options: InviteOptions }; answer: string };
  join: {
    asks: {
      link: string;
      identity: Uint8Array<ArrayBuffer>;
      name: string;
      role: Role;
      evaluator: Evaluator;
      route: Route;
    };
    answer: Member;
  };
  photo: {
    asks: { image?: Picture | undefined; adjust?: Adjust | undefined };
    answer: { image?: Picture | undefined; share: Picture; stats: Stats };
  };
  bench: { asks: { rows: readonly string[] }; answer: undefined };
  cost: { asks: object; answer: Cost };
};

export type Request = keyof Requests;

export type ToWorker =
  | { [K in Request]: { type: K; request: number } & Requests[K]["asks"] }[Request]
  /** Recorded in one turn, so that independent operations share rounds. */
  | { type: "record"; operations: Operation[] }
  /** After the row that is measured. */
  | { type: "stop-bench" }
  | { type: "close" };

export type FromWorker =
  | { type: "answer"; request: number; answer: unknown }
  | { type: "failure"; request: number; failure: Failure }
  | { type: "event"; event: WorkerEvent }
  | { type: "row-started"; row: BenchEntry; at: number; of: number }
  | { type: "row"; row: BenchRow }
  /** A direct connection is wanted; `line` leads to whoever wants it, `site` is the relay's. */
  | { type: "direct"; line: MessagePort; offers: boolean; site: string }
  /** The Worker is broken: nothing else will come. */
  | { type: "broken"; failure: Failure };

/** `SessionEvent` with errors as they cross. */
export type WorkerEvent =
  | { type: "lobby"; members: Member[]; parties: number; dealer: DealerState }
  | { type: "ready" }
  | ({ type: "progress" } & Progress)
  | { type: "left"; member: Member }
  | { type: "failed"; failure: Failure }
  | { type: "closed" };
