/**
 * The only door from the page to the engine. The package is loaded when it is first needed,
 * so that the front page paints before any WebAssembly arrives.
 */
import type { BenchEntry, CrypTabError, JoinOptions, Program, Room } from "cryptab";

export type {
  Adjust,
  BenchEntry,
  BenchRow,
  Code,
  CrypTabError,
  DealerState,
  Fault,
  Member,
  PhotoResult,
  Role,
  Room,
  Route,
  SessionEvent,
  Stats,
} from "cryptab";

/** Makes a room's secrets in this tab and gives its invite link. */
export async function createRoom(parties: number, program: Program): Promise<string> {
  const engine = await import("cryptab");
  return (await engine.createRoom({ parties, program })).link;
}

/** Enters the room a link names. */
export async function joinRoom(link: string, options: JoinOptions): Promise<Room> {
  const engine = await import("cryptab");
  return engine.join(link, options);
}

/** All rows of the bench. */
export async function benchEntries(): Promise<readonly BenchEntry[]> {
  return (await import("cryptab")).BENCH;
}

/** Whether an error comes from the engine, and so says whose fault it is. */
export function isCrypTabError(error: unknown): error is CrypTabError {
  return error instanceof Error && "fault" in error && typeof error.fault === "string";
}
