/**
 * Who this tab is in a room: a key pair of its own, kept in the tab's session storage, so that a reloaded
 * tab comes back as the same member and another tab is another member. A duplicated tab copies the
 * storage; a Web Lock keeps the two off one identity.
 */
import { CrypTabError } from "./errors.ts";

export type Identity = {
  /** Public, to name the lock. */
  tag: string;
  /** The secret key, 32 bytes. */
  secret: Uint8Array<ArrayBuffer>;
};

/** This tab's identity in the room of an invite. */
export function identityFor(invite: string, storage: Storage | undefined = tabStorage()): Identity {
  const key = `cryptab:${roomOf(invite)}`;
  const kept = decode(storage?.getItem(key) ?? "");
  if (kept) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(TAG + SECRET));
  try {
    storage?.setItem(key, hex(bytes));
  } catch {
    // A full or forbidden storage: the identity lasts until the page goes.
  }
  return split(bytes);
}

/** Takes the identity for this tab alone; the function given back lets it go. */
export async function hold({ tag }: Identity): Promise<() => void> {
  // Without locks (an insecure origin) the relay still refuses a second tab, a little later.
  if (!("locks" in navigator)) return () => {};
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await new Promise<void>((resolve, reject) => {
    const held = () => {
      resolve();
      return released;
    };
    // A page that was just reloaded may hold the lock for a moment more.
    const options = { signal: AbortSignal.timeout(HANDOVER) };
    navigator.locks.request(`cryptab:${tag}`, options, held).catch(() => reject(secondTab()));
  });
  return release;
}

/** Another tab of this browser is this member. */
export function secondTab(): CrypTabError {
  const message = "you are in this room already, in another tab: go on there, or close it first";
  return new CrypTabError({ fault: "misuse", code: "second-tab", message });
}

/** The beginning of an invite names the room; its secret comes later and stays out of the storage's keys. */
function roomOf(invite: string): string {
  return invite.slice(0, ROOM_CHARACTERS);
}

function decode(text: string): Identity | undefined {
  if (!/^[0-9a-f]+$/.test(text) || text.length !== 2 * (TAG + SECRET)) return undefined;
  const bytes = Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return split(bytes);
}

function split(bytes: Uint8Array<ArrayBuffer>): Identity {
  return { tag: hex(bytes.slice(0, TAG)), secret: bytes.slice(TAG) };
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

const TAG = 16;
const SECRET = 32;
/** An invite begins with 1 byte of version and 16 of the room: 22 characters hold no more than these. */
const ROOM_CHARACTERS = 22;
/** Milliseconds. */
const HANDOVER = 700;
