/** Everything that can go wrong, each in plain words: what happened, and what to do next. */
import { type Code, type Fault, isCrypTabError } from "../client";
import { ImageRefused } from "../photo/decode";

export type TroubleKind =
  | "bad-link"
  | "expired-link"
  | "room-full"
  | "place-kept"
  | "not-invited"
  | "revoked"
  | "room-closed"
  | "second-tab"
  | "peer-left"
  | "given-up"
  | "dealer-lost"
  | "relay-lost"
  | "different-programs"
  | "wrong-roles"
  | "not-an-image"
  | "unsupported-image"
  | "too-large"
  | "cancelled"
  | "no-service"
  | "unsaved"
  | "broken";

export type Trouble = {
  kind: TroubleKind;
  title: string;
  next: string;
  /** What the engine said, for a report. */
  detail?: string;
};

/** Trouble of a kind; `who` is the peer's name or the file's format, where one is known. */
export function troubleOf(kind: TroubleKind, who?: string, detail?: string): Trouble {
  const [title, next] = WORDS[kind];
  const someone = who ?? SOMEONE[kind] ?? "";
  const trouble: Trouble = {
    kind,
    title: title.replace("{who}", someone),
    next: next.replace("{who}", someone),
  };
  return detail ? { ...trouble, detail } : trouble;
}

/** Reads a thrown value. */
export function troubleFrom(error: unknown): Trouble {
  if (error instanceof ImageRefused) return troubleOf(error.why, error.format);
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === "AbortError") return troubleOf("cancelled");
  if (!isCrypTabError(error)) return troubleOf("broken", undefined, detail);
  if (error.code === "given-up") return troubleOf("given-up", detail);
  return troubleOf(KIND_OF_CODE[error.code] ?? KIND_OF_FAULT[error.fault] ?? "broken", error.peer, detail);
}

const KIND_OF_CODE: Partial<Record<Code, TroubleKind>> = {
  closed: "room-closed",
  config: "no-service",
  "different-invites": "different-programs",
  "different-programs": "different-programs",
  expired: "expired-link",
  link: "bad-link",
  "member-present": "second-tab",
  "not-invited": "not-invited",
  "place-kept": "place-kept",
  revoked: "revoked",
  roles: "wrong-roles",
  "room-full": "room-full",
  "second-tab": "second-tab",
  unsaved: "unsaved",
  version: "different-programs",
};

const KIND_OF_FAULT: Partial<Record<Fault, TroubleKind>> = {
  dealer: "dealer-lost",
  peer: "peer-left",
  relay: "relay-lost",
};

const SOMEONE: Partial<Record<TroubleKind, string>> = {
  "peer-left": "Someone",
  "unsupported-image": "image",
};

const WORDS: Record<TroubleKind, [title: string, next: string]> = {
  "bad-link": [
    "This link is not complete",
    "Part of it is missing or changed. Ask for the link again and paste all of it, or make a room of your own.",
  ],
  "expired-link": [
    "This link has expired",
    "Rooms close after a while so that old links open nothing. Make a new room and share its link.",
  ],
  "room-full": [
    "This room is full",
    "Everyone it was made for is already inside. Ask them to make a room for more people, or make your own.",
  ],
  "place-kept": [
    "The free place is kept for a moment",
    "Somebody's connection broke, and that tab may come back. Try again in a minute.",
  ],
  "not-invited": [
    "This invite is not for you, or is in use",
    "Each invite to this room is for one person at a time. Ask whoever made the room for one of your own.",
  ],
  revoked: [
    "You are not invited any more",
    "Whoever made the room took your invite back. Ask them for another one, or make a room of your own.",
  ],
  "room-closed": [
    "The room is closed",
    "Whoever made it closed it for everybody. Make a new room and share its link.",
  ],
  "second-tab": [
    "You are in this room already, in another tab",
    "One tab is one party. Go back to that tab, or close it and start again here.",
  ],
  "peer-left": [
    "{who} left in the middle",
    "The computation needs everyone, so it stopped; nothing was opened. Start again, and ask them to open the link again.",
  ],
  "given-up": [
    "{who}",
    "The computation needs everyone, so it stopped; nothing was opened. Start again once all are here.",
  ],
  "dealer-lost": [
    "The dealer cannot be reached",
    "It sends the random numbers the computation uses up. Wait a moment and start again; if it stays away, tell whoever runs it.",
  ],
  "relay-lost": [
    "The connection to the room is lost",
    "Check your network, then start again. Your photo and settings are still in this tab.",
  ],
  "different-programs": [
    "The tabs do not run the same program",
    "Nothing was opened. Reload this page everywhere so that all have the same version, then start again.",
  ],
  "wrong-roles": [
    "The roles do not fit together",
    "A room needs exactly one photo owner and one adjuster; anyone else helps. Start again and choose another role.",
  ],
  "not-an-image": [
    "This file is not a picture that can be read",
    "It may be damaged, or be something else under a picture's name. Choose a JPEG or PNG file.",
  ],
  "unsupported-image": [
    "{who} files are not supported here",
    "Save the picture as JPEG or PNG and choose it again.",
  ],
  "too-large": [
    "This picture is too large to open in a tab",
    "The limit is 120 megapixels and 80 MB. Save a smaller copy and choose that.",
  ],
  cancelled: ["You stopped the run", "Nothing was opened. Start again whenever everyone is ready."],
  "no-service": [
    "This site does not offer rooms right now",
    "The page loaded, but its relay or dealer did not answer. Try again in a moment, or run `cryptab serve` yourself.",
  ],
  unsaved: [
    "This browser could not keep what the run needs",
    "Its storage is full or failed, so the run was stopped before anything was lost. Start again: this tab then goes on without it, and must not be reloaded in a run.",
  ],
  broken: [
    "Something broke in this tab",
    "That is our mistake, not yours; nothing was opened. Start again; if it comes back, report the details below.",
  ],
};
