import assert from "node:assert/strict";
import { test } from "node:test";
import type { Member } from "../events.ts";
import { departed } from "./lobby.ts";

function member(slot: number, change: Partial<Member> = {}): Member {
  const name = `party ${slot}`;
  return {
    slot,
    name,
    role: "help",
    you: slot === 0,
    sealed: true,
    path: "relay",
    away: false,
    fingerprint: `f${slot}`,
    ...change,
  };
}

const [me, ben, cleo] = [member(0), member(1), member(2)];

test("whoever is gone has left", () => {
  assert.deepEqual(departed([me, ben, cleo], [me, cleo]), [ben]);
  assert.deepEqual(departed([me], [me, ben]), []);
});

test("another key in the same slot is another member", () => {
  assert.deepEqual(departed([me, ben], [me, member(1, { fingerprint: "other" })]), [ben]);
  assert.deepEqual(departed([me, ben], [me, member(1, { name: "renamed" })]), []);
});

test("a channel that is not sealed is nobody's departure", () => {
  assert.deepEqual(departed([me, ben], [me, member(1, { sealed: false, fingerprint: "" })]), []);
});

test("while this party is outside, nothing is known", () => {
  assert.deepEqual(departed([me, ben], []), []);
});
