import assert from "node:assert/strict";
import { test } from "node:test";
import { CrypTabError, failureOf } from "./errors.ts";

test("what the engine throws keeps its words", () => {
  const thrown = { fault: "peer", code: "peer", peer: "Ben", message: "Ben left the room" };
  assert.deepEqual(failureOf(thrown), thrown);
  const error = new CrypTabError({ fault: "peer", code: "peer", peer: "Ben", message: "Ben left the room" });
  assert.deepEqual([error.fault, error.peer, error.message], ["peer", "Ben", "Ben left the room"]);
  assert.equal(failureOf(error).message, "Ben left the room");
  assert.ok(error instanceof Error);
});

test("anything else is a bug", () => {
  assert.deepEqual(failureOf(new RangeError("odd")), { fault: "bug", code: "bug", message: "odd" });
  assert.deepEqual(failureOf("odd"), { fault: "bug", code: "bug", message: "odd" });
  assert.equal(failureOf({ fault: 1, code: "x", message: "y" }).fault, "bug");
});
