/** What happens in a room. */
import type { CrypTabError } from "./errors.ts";

/** What a party brings: the photo, the adjustments, or nothing but its shares. */
export type Role = "photo" | "adjust" | "help";

/** How it stands with the dealer; `waiting` until the room is complete. */
export type DealerState = "waiting" | "connecting" | "sealed" | "lost";

/** Someone in the room. Names and roles are claims of whoever holds the invite. */
export type Member = {
  /** Its number in the computation. */
  slot: number;
  /** A placeholder until the channel is sealed. */
  name: string;
  role: Role;
  you: boolean;
  sealed: boolean;
  /** Which way its frames take. */
  path: "relay" | "direct";
  /** Its connection is interrupted: it may come back. */
  away: boolean;
  /** Short form of its key, for people to compare; empty until the channel is sealed. */
  fingerprint: string;
  /** The name of the token it comes by, in a room where each person has an invite of its own. */
  token?: string;
};

export type Progress = {
  /** The operation that is opened now, by name; empty before the first. */
  stage: string;
  round: number;
  rounds: number;
  /** Sent by this party to all others, without framing. */
  bytes: number;
  dealerBytes: number;
  /** Since this party began. */
  seconds: number;
  /** Names of those whose part is missing. */
  waitingFor: string[];
};

export type SessionEvent =
  /** Someone came, left, or was sealed. */
  | { type: "lobby"; members: Member[]; parties: number; dealer: DealerState }
  /** Everyone is here and sealed: a new session begins. */
  | { type: "ready" }
  /** While something runs, at most ten times a second. */
  | ({ type: "progress" } & Progress)
  /** Someone left the room. */
  | { type: "left"; member: Member }
  /** The session is over, or did not come about; when the room is complete again, `ready` comes again. */
  | { type: "failed"; error: CrypTabError }
  /** This party is outside the room. */
  | { type: "closed" };
