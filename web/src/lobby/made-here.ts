/**
 * Which rooms this tab made itself, with what only their maker has: the links of the others, and the owner's key.
 * Kept in the tab's session storage, so that a reloaded tab is still the owner; gone with the tab.
 */
import type { CreatedRoom, MadeLink } from "../client";
import { inviteOf } from "../route";
import { keyOf, tabStorage } from "./tab-storage";

export type MadeRoom = {
  /** One for each role; none where one link is for everybody. */
  links: readonly MadeLink[];
  /** The owner's secret key. */
  secret: string;
};

/** Keeps what the maker of a room has: until the page goes, where the storage is missing, full or forbidden. */
export function rememberMade({ link, links, owner }: CreatedRoom, storage = tabStorage()): void {
  const key = keyOf("made", inviteOf(link));
  const room: MadeRoom = { links, secret: owner.secret };
  if (!kept(key, JSON.stringify(room), storage)) made.set(key, room);
}

/** What the maker of the room that an invite leads to has, if that was this tab. */
export function madeHere(invite: string, storage = tabStorage()): MadeRoom | undefined {
  const key = keyOf("made", invite);
  return made.get(key) ?? read(storage?.getItem(key) ?? "");
}

function kept(key: string, text: string, storage: Storage | undefined): boolean {
  try {
    storage?.setItem(key, text);
    return storage !== undefined;
  } catch {
    return false;
  }
}

function read(text: string): MadeRoom | undefined {
  try {
    const kept: unknown = JSON.parse(text);
    return isMadeRoom(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isMadeRoom(kept: unknown): kept is MadeRoom {
  return (
    typeof kept === "object" &&
    kept !== null &&
    "secret" in kept &&
    typeof kept.secret === "string" &&
    "links" in kept &&
    Array.isArray(kept.links)
  );
}

/** What no storage keeps. */
const made = new Map<string, MadeRoom>();
