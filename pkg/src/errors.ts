/** Errors say whose fault they are, and which trouble exactly. */
import { isObject } from "./objects.ts";

/** Whose fault: what was given, another party, the relay, the dealer, the calling program, or this package. */
export type Fault = "input" | "peer" | "relay" | "dealer" | "misuse" | "bug";

/** Which trouble exactly. */
export type Code =
  | "bug"
  | "closed"
  | "config"
  | "data"
  | "dealer-lost"
  | "different-invites"
  | "different-programs"
  | "ended"
  | "expired"
  | "given-up"
  | "journal"
  | "link"
  | "member-present"
  | "misuse"
  | "not-invited"
  | "peer"
  | "place-kept"
  | "refused"
  | "relay-lost"
  | "revoked"
  | "roles"
  | "room-full"
  | "second-tab"
  | "unsaved"
  | "version";

/** An error as it crosses from the Worker. */
export type Failure = { fault: Fault; code: Code; peer?: string | undefined; message: string };

export class CrypTabError extends Error {
  override readonly name = "CrypTabError";
  readonly fault: Fault;
  readonly code: Code;
  /** The name of the party at fault, if it is another party. */
  readonly peer?: string;

  constructor({ fault, code, peer, message }: Failure) {
    super(message);
    this.fault = fault;
    this.code = code;
    if (peer !== undefined) this.peer = peer;
  }
}

/** A call that makes no sense. */
export function misuse(message: string): CrypTabError {
  return new CrypTabError({ fault: "misuse", code: "misuse", message });
}

/** Anything thrown, as a failure: the engine's as they are, everything else is a bug. */
export function failureOf(thrown: unknown): Failure {
  if (isFailure(thrown)) return { ...thrown, message: thrown.message };
  return { fault: "bug", code: "bug", message: messageOf(thrown) };
}

/** What anything thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function isFailure(thrown: unknown): thrown is Failure {
  if (!isObject(thrown)) return false;
  return typeof thrown.fault === "string" && "code" in thrown && typeof thrown.message === "string";
}
