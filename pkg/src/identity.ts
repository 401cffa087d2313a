/**
 * Who this tab is in a room. The key pairs of this browser outlive the visit, so that others know who it is
 * the next time; each is in a numbered place, and the first tab in a room takes the first, the second the
 * second: two tabs in one room are two parties. What a tab took stands in its session storage, so that it
 * comes back as the same member when it is reloaded. A duplicated tab copies that storage; a Web Lock keeps
 * the two apart.
 */
import { CrypTabError } from "./errors.ts";
import { canLock, lock } from "./identity/locks.ts";
import { identityIn, SECRET } from "./identity/sealed.ts";
import { isObject } from "./objects.ts";
import { openVault } from "./storage.ts";

/** An identity, for this tab alone until it lets it go. */
export type Identity = {
  /** The secret key, 32 bytes. */
  secret: Uint8Array<ArrayBuffer>;
  /** Under which this tab keeps a journal; nothing where it cannot. */
  journal?: string;
  release: () => void;
};

/** What a tab remembers of a room. */
export type Tab = {
  /** Names the tab. */
  tag: string;
  /** The place of its key in this browser. */
  place?: number;
  /** A key for this room alone, where the browser keeps none. */
  secret?: string;
};

/** This tab's identity in the room of an invite. @throws {CrypTabError} `second-tab` */
export async function takeIdentity(invite: string): Promise<Identity> {
  const room = roomOf(invite);
  const tab = tabIn(room);
  // Without locks the relay still refuses a second tab, a little later.
  const free = canLock() ? await lock(`cryptab:${tab.tag}`, HANDOVER) : () => {};
  if (!free) throw secondTab();
  try {
    const kept = await keptIdentity(room, tab);
    if (kept) {
      remember(room, { tag: tab.tag, place: kept.place });
      return { secret: kept.secret, journal: tab.tag, release: both(free, kept.release) };
    }
  } catch {
    // No storage, or none that can be used: a key for this room alone.
  }
  const secret = bytesOf(tab.secret) ?? crypto.getRandomValues(new Uint8Array(SECRET));
  remember(room, { tag: tab.tag, secret: hex(secret) });
  return { secret, release: free };
}

/** Another tab of this browser is this member. */
export function secondTab(): CrypTabError {
  const message = "you are in this room already, in another tab: go on there, or close it first";
  return new CrypTabError({ fault: "misuse", code: "second-tab", message });
}

/** A key of this browser that no other tab has in this room. */
async function keptIdentity(room: string, tab: Tab): Promise<(Identity & { place: number }) | undefined> {
  // Whoever began with a key for this room alone stays the same.
  if (tab.secret || !canLock() || !("subtle" in crypto)) return undefined;
  const vault = await openVault();
  const taken = await takePlace(tab.place, (place, patience) => lock(`cryptab:${room}:${place}`, patience));
  if (!taken) return undefined;
  try {
    const take = () => lock("cryptab:vault", PATIENCE);
    return { ...taken, secret: await alone(take, () => identityIn(vault, taken.place)) };
  } catch (error) {
    taken.release();
    throw error;
  }
}

/** Works in the vault alone, or not at all: two tabs must not make two wrapping keys. */
export async function alone<A>(
  take: () => Promise<(() => void) | undefined>,
  work: () => Promise<A>,
): Promise<A> {
  const release = await take();
  if (!release) throw new Error("another tab does not let go of the vault");
  try {
    return await work();
  } finally {
    release();
  }
}

/** The place that the tab had, or the first that is free. */
export async function takePlace(
  wanted: number | undefined,
  take: (place: number, patience: number) => Promise<(() => void) | undefined>,
): Promise<{ place: number; release: () => void } | undefined> {
  if (wanted !== undefined) {
    // A page that was just reloaded may hold it for a moment more.
    const release = await take(wanted, HANDOVER);
    if (release) return { place: wanted, release };
  }
  for (let place = 0; place < PLACES; place += 1) {
    const release = await take(place, 0);
    if (release) return { place, release };
  }
  return undefined;
}

/** What this tab remembers of a room; a new tag, if it is nothing that makes sense. */
export function tabIn(room: string, storage: Storage | undefined = tabStorage()): Tab {
  const fresh = { tag: hex(crypto.getRandomValues(new Uint8Array(16))) };
  let kept: unknown;
  try {
    kept = JSON.parse(storage?.getItem(keyOf(room)) ?? "");
  } catch {
    return fresh;
  }
  if (!isObject(kept) || typeof kept.tag !== "string") return fresh;
  const tab: Tab = { tag: kept.tag };
  if (Number.isInteger(kept.place)) tab.place = Number(kept.place);
  if (typeof kept.secret === "string" && bytesOf(kept.secret)) tab.secret = kept.secret;
  return tab;
}

export function remember(room: string, tab: Tab, storage: Storage | undefined = tabStorage()): void {
  try {
    storage?.setItem(keyOf(room), JSON.stringify(tab));
  } catch {
    // A full or forbidden storage: the tab is another one after a reload.
  }
}

/** The beginning of an invite names the room; its secret comes later and stays out of the storage's keys. */
export function roomOf(invite: string): string {
  return invite.slice(0, ROOM_CHARACTERS);
}

function keyOf(room: string): string {
  return `cryptab:${room}`;
}

function both(first: () => void, second: () => void): () => void {
  return () => {
    first();
    second();
  };
}

function bytesOf(text: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (!text || !/^[0-9a-f]+$/.test(text) || text.length !== 2 * SECRET) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tabStorage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

/** An invite begins with 1 byte of version and 16 of the room: 22 characters hold no more than these. */
const ROOM_CHARACTERS = 22;
/** More tabs of one browser than a room has parties. */
const PLACES = 16;
/** Milliseconds. */
const HANDOVER = 700;
const PATIENCE = 2_000;
