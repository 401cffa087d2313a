/**
 * The only door from the page to the engine. The package is loaded when it is first needed,
 * so that the front page paints before any WebAssembly arrives.
 */
import type {
  BenchEntry,
  CreatedRoom,
  CrypTabError,
  InviteInfo,
  JoinOptions,
  Owner,
  Program,
  Role,
  Room,
} from "cryptab";

export type {
  Adjust,
  Authentication,
  BenchEntry,
  BenchRow,
  Code,
  CreatedRoom,
  CrypTabError,
  DealerState,
  Fault,
  MadeLink,
  Member,
  PhotoResult,
  Role,
  Room,
  Route,
  SessionEvent,
  Stats,
} from "cryptab";

/** Makes a room's secrets in this tab: one link for everybody, or one for each of these roles. */
export async function createRoom(
  parties: number,
  program: Program,
  roles: readonly Role[] = [],
): Promise<CreatedRoom> {
  const engine = await import("cryptab");
  return engine.createRoom({ parties, program, grants: roles.map((role) => ({ role })) });
}

/** What a link invites to. */
export async function readInvite(link: string): Promise<InviteInfo> {
  return (await import("cryptab")).readInvite(link);
}

/** The owner of a room, from what its maker kept. */
export async function ownerOf(link: string, secret: string): Promise<Owner> {
  const engine = await import("cryptab");
  return new engine.Owner(link, secret);
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
