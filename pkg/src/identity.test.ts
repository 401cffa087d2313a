import assert from "node:assert/strict";
import { test } from "node:test";
import { identityIn } from "./identity/sealed.ts";
import { alone, remember, roomOf, tabIn, takePlace } from "./identity.ts";
import type { Sealed, Vault } from "./storage.ts";

class Kept implements Pick<Storage, "getItem" | "setItem"> {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

class Memory implements Vault {
  wrapping: CryptoKey | undefined;
  readonly places = new Map<number, Sealed>();
  wrappingKey = async () => this.wrapping;
  keepWrappingKey = async (key: CryptoKey) => {
    this.wrapping = key;
  };
  sealed = async (place: number) => this.places.get(place);
  keepSealed = async (place: number, sealed: Sealed) => {
    this.places.set(place, sealed);
  };
}

const ROOM = "AQBCDEFGHIJKLMNOPQRSTU";
const storage = (kept: Kept) => kept as unknown as Storage;

test("a tab remembers who it is in a room, and is another in another", () => {
  const kept = storage(new Kept());
  const tab = { ...tabIn(ROOM, kept), place: 1 };
  remember(ROOM, tab, kept);
  assert.deepEqual(tabIn(ROOM, kept), tab);
  assert.notEqual(tabIn("another room", kept).tag, tab.tag);
  const alone = { tag: tab.tag, secret: "ab".repeat(32) };
  remember(ROOM, alone, kept);
  assert.deepEqual(tabIn(ROOM, kept), alone);
});

test("the invite's secret is in no key of the storage", () => {
  const kept = new Kept();
  remember(roomOf(`${ROOM}verysecret`), { tag: "t" }, storage(kept));
  assert.deepEqual([...kept.items.keys()], [`cryptab:${ROOM}`]);
});

test("what is damaged is forgotten", () => {
  const kept = new Kept();
  for (const damaged of ["00ff", "{", "null", "{}", '{"tag":1}']) {
    kept.setItem(`cryptab:${ROOM}`, damaged);
    assert.equal(tabIn(ROOM, storage(kept)).tag.length, 32, damaged);
  }
  kept.setItem(`cryptab:${ROOM}`, '{"tag":"t","place":"x","secret":"zz"}');
  assert.deepEqual(tabIn(ROOM, storage(kept)), { tag: "t" });
});

test("without a storage a tab lasts as long as its page", () => {
  assert.equal(tabIn(ROOM, undefined).tag.length, 32);
});

test("tabs of one browser take different places, and their own again", async () => {
  const held = new Set<number>();
  const take = async (place: number) => {
    if (held.has(place)) return undefined;
    held.add(place);
    return () => held.delete(place) && undefined;
  };
  const first = await takePlace(undefined, take);
  const second = await takePlace(undefined, take);
  assert.deepEqual([first?.place, second?.place], [0, 1]);
  first?.release();
  second?.release();
  assert.equal((await takePlace(1, take))?.place, 1);
  assert.equal((await takePlace(1, take))?.place, 0, "another tab has it meanwhile");
});

test("without the lock nothing is done in the vault, with it the lock is let go in every case", async () => {
  let worked = 0;
  const work = async () => {
    worked += 1;
  };
  await assert.rejects(
    alone(async () => undefined, work),
    /let go/,
  );
  assert.equal(worked, 0);
  let released = 0;
  const take = async () => () => {
    released += 1;
  };
  await alone(take, work);
  await assert.rejects(
    alone(take, () => Promise.reject(new Error("no storage"))),
    /no storage/,
  );
  assert.deepEqual([worked, released], [1, 2]);
});

test("a key is the same at every visit, and another in another place", async () => {
  const vault = new Memory();
  const key = await identityIn(vault, 0);
  assert.equal(key.length, 32);
  assert.deepEqual(await identityIn(vault, 0), key);
  assert.notDeepEqual(await identityIn(vault, 1), key);
});

test("the key that seals cannot be read out, and nothing is kept unsealed", async () => {
  const vault = new Memory();
  const key = await identityIn(vault, 0);
  assert.ok(vault.wrapping && !vault.wrapping.extractable);
  await assert.rejects(crypto.subtle.exportKey("raw", vault.wrapping));
  const sealed = Buffer.from(vault.places.get(0)?.bytes ?? new ArrayBuffer(0));
  assert.equal(sealed.length, 32 + 16);
  assert.ok(!sealed.includes(Buffer.from(key)));
});

test("a key that cannot be unsealed is replaced", async () => {
  const vault = new Memory();
  const key = await identityIn(vault, 0);
  vault.wrapping = undefined;
  const other = await identityIn(vault, 0);
  assert.notDeepEqual(other, key);
  assert.deepEqual(await identityIn(vault, 0), other);
  // Nor does a key fit another place.
  vault.places.set(1, vault.places.get(0) as Sealed);
  assert.notDeepEqual(await identityIn(vault, 1), other);
});
