/**
 * Private tensors for the web. Several tabs (and command-line parties) meet in a room and compute on
 * data that each of them keeps to itself; only agreed results are ever opened.
 *
 * The engine runs in a Worker; this module is what a page imports.
 *
 * ```ts
 * const { link } = await createRoom({ parties: 2, program: "tensor" });
 * const room = await join(link, { name: "alice" });          // the other tab: "bob"
 * const session = await room.ready();
 * const x = session.input("alice", [2, 3], mine);            // data at alice alone
 * const w = session.input("bob", [3, 1]);                    // data at bob alone
 * console.log(await x.matmul(w).relu().reveal());
 * ```
 *
 * Security: semi-honest parties; all but one of them may collude, but not with the dealer. Not covered:
 * parties that deviate, traffic, timing, and whoever serves the page.
 */
export { BENCH, type BenchEntry, type BenchOptions } from "./bench.ts";
export { type CreatedRoom, type CreateOptions, createRoom, type Program, readInvite } from "./create.ts";
export { type Code, CrypTabError, type Fault } from "./errors.ts";
export type { Authentication, DealerState, Member, Role, SessionEvent } from "./events.ts";
export type { InviteInfo, MadeLink } from "./messages.ts";
export type { Interpolation } from "./operation.ts";
export { Owner } from "./owner.ts";
export type { Adjust, BenchRow, Cost, Kind, PhotoInput, PhotoResult, Stats } from "./results.ts";
export { type Evaluator, type JoinOptions, join, type Room, type Route } from "./room.ts";
export type { EntryOptions, Numbers, Session } from "./session.ts";
export type {
  Along,
  AveragePoolOptions,
  ConvolutionOptions,
  Dims,
  Each,
  Found,
  MaxPoolOptions,
  Over,
  PadMode,
  PadOptions,
  QuantileOptions,
  Range,
  Scale,
  SortOptions,
  Tensor,
  TopkOptions,
  VarianceOptions,
} from "./tensor.ts";
