import assert from "node:assert/strict";
import { test } from "node:test";
import { identityFor } from "./identity.ts";

class Kept implements Pick<Storage, "getItem" | "setItem"> {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

const ROOM = "AQBCDEFGHIJKLMNOPQRSTU";
const invite = (secret: string) => ROOM + secret;
const storage = (kept: Kept) => kept as unknown as Storage;

test("a tab keeps its identity in a room, and has another in another", () => {
  const kept = new Kept();
  const first = identityFor(invite("secret"), storage(kept));
  assert.equal(first.secret.length, 32);
  assert.deepEqual(identityFor(invite("secret"), storage(kept)), first);
  assert.notDeepEqual(identityFor(`x${invite("secret")}`, storage(kept)), first);
  assert.notDeepEqual(identityFor(invite("secret"), storage(new Kept())), first);
});

test("the invite's secret is in no key of the storage", () => {
  const kept = new Kept();
  identityFor(invite("verysecret"), storage(kept));
  assert.deepEqual([...kept.items.keys()], [`cryptab:${ROOM}`]);
});

test("what is damaged is replaced", () => {
  const kept = new Kept();
  kept.setItem(`cryptab:${ROOM}`, "00ff");
  assert.equal(identityFor(invite(""), storage(kept)).secret.length, 32);
});

test("without a storage the identity lasts as long as the page", () => {
  assert.equal(identityFor(invite(""), undefined).tag.length, 32);
});
