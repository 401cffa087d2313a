import assert from "node:assert/strict";
import { test } from "node:test";
import { acquaintances } from "./storage.ts";

const BEN = { name: "Ben", key: "ab", verified: true };

/** A database in which Ben is kept, for as long as it is open. */
class Database {
  onclose = () => {};
  onversionchange = () => {};
  open = true;

  close(): void {
    this.open = false;
  }

  transaction() {
    if (!this.open) throw new Error("the database is closed");
    return { objectStore: () => ({ getAll: () => answered([BEN]) }) };
  }
}

/** A request that is answered, or refused, once its listeners are there. */
function answered(result: unknown, refused = false) {
  const request = { result, error: new Error("refused"), onsuccess: () => {}, onerror: () => {} };
  queueMicrotask(() => (refused ? request.onerror() : request.onsuccess()));
  return request;
}

test("a database that could not be opened, or is closed, is opened again", async () => {
  const opened: Database[] = [];
  let refused = true;
  const open = () => {
    const database = new Database();
    if (!refused) opened.push(database);
    return answered(database, refused);
  };
  Object.defineProperty(globalThis, "indexedDB", { value: { open }, configurable: true });

  assert.deepEqual(await acquaintances(), []);
  refused = false;
  assert.deepEqual(await acquaintances(), [BEN]);
  assert.deepEqual(await acquaintances(), [BEN]);
  assert.equal(opened.length, 1);

  // The browser closes it.
  opened[0]?.close();
  opened[0]?.onclose();
  assert.deepEqual(await acquaintances(), [BEN]);
  assert.equal(opened.length, 2);

  // Another tab wants it gone.
  opened[1]?.onversionchange();
  assert.equal(opened[1]?.open, false);
  assert.deepEqual(await acquaintances(), [BEN]);
  assert.equal(opened.length, 3);

  // What is heard of one that is gone says nothing of the one in its place.
  opened[0]?.onclose();
  await acquaintances();
  assert.equal(opened.length, 3);
});
