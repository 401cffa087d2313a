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
  /** The words were compared with someone of this name and key, now or in another room. */
  verified: boolean;
  /** Someone of this name was met before, but never with this key: it may be another. */
  changedKey: boolean;
  /** The name of the token it comes by, in a room where each person has an invite of its own. */
  token?: string;
};

/**
 * A short string that is equal on the screens of all parties if nobody sits between them. Either form
 * suffices.
 */
export type Authentication = {
  /** Four words. */
  words: string[];
  /** Seven pictures, each with its name. */
  emoji: { symbol: string; name: string }[];
};

/** A key that someone of this name has shown. */
export type Acquaintance = {
  name: string;
  /** In hexadecimal digits. */
  key: string;
  /** The words of a room were compared with its holder. */
  verified: boolean;
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
  /**
   * Someone came, left, was sealed, or cannot be reached; `online` is whether the relay can be. Once everyone is
   * here, there are words to compare.
   */
  | {
      type: "lobby";
      members: Member[];
      parties: number;
      online: boolean;
      dealer: DealerState;
      authentication?: Authentication | undefined;
    }
  /**
   * Everyone is here and sealed: a session begins. Or this tab was reloaded and goes on with the one it was in
   * (`resumed`): what was computed in it is to be computed again, with the same data, and costs the others
   * nothing.
   */
  | { type: "ready"; resumed: boolean }
  /** While something runs, at most ten times a second. */
  | ({ type: "progress" } & Progress)
  /** Someone left the room. */
  | { type: "left"; member: Member }
  /** The session is over, or did not come about; when the room is complete again, `ready` comes again. */
  | { type: "failed"; error: CrypTabError }
  /** This party is outside the room. */
  | { type: "closed" };
