/** What a tab that was reloaded comes back with: who it was, and what it put into the runs of the session. */
import type { Adjust, Role } from "../client";
import { keyOf, tabStorage } from "./tab-storage";
import type { Contribution, Person } from "./use-room";

/** Remembers who this tab is in a room, for as long as the tab lives. */
export function rememberPerson(invite: string, person: Person, storage = tabStorage()): void {
  try {
    storage?.setItem(keyOf("person", invite), JSON.stringify(person));
  } catch {
    // A full or forbidden storage: after a reload the tab is at the door.
  }
}

export function forgetPerson(invite: string, storage = tabStorage()): void {
  storage?.removeItem(keyOf("person", invite));
}

/** Who this tab was in a room before it was reloaded, if it was in it. */
export function personBefore(invite: string, storage = tabStorage()): Person | undefined {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(keyOf("person", invite)) ?? "");
    return isPerson(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** As bytes: the length of the first part (4), what can be said in words, and the pixels. */
export function bytesOf(mine: Contribution): Uint8Array<ArrayBuffer> {
  const { image, ...rest } = { image: undefined, ...mine };
  const size = image && { width: image.width, height: image.height };
  const words = new TextEncoder().encode(JSON.stringify({ ...rest, ...size }));
  const bytes = new Uint8Array(4 + words.length + (image?.data.length ?? 0));
  new DataView(bytes.buffer).setUint32(0, words.length, true);
  bytes.set(words, 4);
  if (image) bytes.set(image.data, 4 + words.length);
  return bytes;
}

/** What {@link bytesOf} made bytes of. */
export function contributionOf(bytes: Uint8Array<ArrayBuffer>): Contribution {
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const words: Words = JSON.parse(new TextDecoder().decode(bytes.subarray(4, end)));
  switch (words.role) {
    case "photo": {
      const pixels = new Uint8ClampedArray(bytes.slice(end).buffer);
      return { role: "photo", image: new ImageData(pixels, words.width, words.height) };
    }
    case "adjust":
      return { role: "adjust", adjust: words.adjust };
    case "help":
      return { role: "help" };
  }
}

type Words =
  | { role: "photo"; width: number; height: number }
  | { role: "adjust"; adjust: Adjust }
  | { role: "help" };

function isPerson(kept: unknown): kept is Person {
  if (typeof kept !== "object" || kept === null) return false;
  const { name, role, route } = kept as Record<string, unknown>;
  return typeof name === "string" && ROLES.has(role) && (route === "best" || route === "relay");
}

const ROLES: ReadonlySet<unknown> = new Set<Role>(["photo", "adjust", "help"]);
