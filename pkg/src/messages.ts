/** What page and Worker say to each other. */
import type { BenchEntry } from "./bench.ts";
import type { Failure } from "./errors.ts";
import type { Acquaintance, Authentication, Member, Role, SessionEvent } from "./events.ts";
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
  grants: readonly { role?: Role; slot?: number }[];
};

/** A link of a room that was just made, and what it is for. */
export type MadeLink = { link: string; role?: Role; token?: string };

/** What an invite says. */
export type InviteInfo = {
  parties: number;
  program: string;
  /** When it ends, in seconds since 1970. */
  expires: number;
  /** The one role it is for, if it is for one. */
  role?: Role;
  /** The name of its token, if it is for one person. */
  token?: string;
};

/** What the page asks, and what it is answered. */
export type Requests = {
  create: { asks: { options: InviteOptions }; answer: { links: MadeLink[]; owner: string } };
  read: { asks: { link: string }; answer: InviteInfo };
  /** Takes back the invite of a token, or closes the room. */
  order: { asks: { link: string; secret: string; revoke?: string | undefined }; answer: undefined };
  join: {
    asks: {
      link: string;
      identity: Uint8Array<ArrayBuffer>;
      name: string;
      role: Role;
      evaluator: Evaluator;
      acquaintances: Acquaintance[];
      route: Route;
      patience?: number | undefined;
      /** The name of the tab that keeps a journal. */
      journal?: string | undefined;
    };
    answer: Member;
  };
  photo: {
    asks: { image?: Picture | undefined; adjust?: Adjust | undefined };
    answer: { image?: Picture | undefined; share: Picture; stats: Stats };
  };
  bench: { asks: { rows: readonly string[] }; answer: undefined };
  cost: { asks: object; answer: Cost };
  confirm: { asks: { compared: Authentication }; answer: undefined };
  accept: { asks: { slot: number }; answer: undefined };
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
  /** To be kept for other rooms. */
  | { type: "acquainted"; acquaintance: Acquaintance }
  | { type: "row-started"; row: BenchEntry; at: number; of: number }
  | { type: "row"; row: BenchRow }
  /** A direct connection is wanted; `line` leads to whoever wants it, `site` is the relay's. */
  | { type: "direct"; line: MessagePort; offers: boolean; site: string }
  /** All has been said, and the Worker ends. */
  | { type: "gone" }
  /** The Worker is broken: nothing else will come. */
  | { type: "broken"; failure: Failure };

/** `SessionEvent` with errors as they cross. */
export type WorkerEvent = Exclude<SessionEvent, { type: "failed" }> | { type: "failed"; failure: Failure };
