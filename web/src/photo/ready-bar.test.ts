import { expect, test } from "vitest";
import type { Member } from "../client";
import { OUTSIDE, type RoomState } from "../lobby/room-state";
import { waitingText } from "./ready-bar";

function room(change: Partial<RoomState>, ben: Partial<Member> = {}): RoomState {
  const ada: Member = {
    slot: 0,
    name: "Ada",
    role: "photo",
    you: true,
    sealed: true,
    path: "relay",
    away: false,
    fingerprint: "ab",
    verified: false,
    changedKey: false,
  };
  const other: Member = { ...ada, slot: 1, name: "Ben", role: "adjust", you: false, ...ben };
  return {
    ...OUTSIDE,
    members: [ada, other],
    parties: 2,
    open: true,
    ready: true,
    dealer: "sealed",
    ...change,
  };
}

test("what stands between now and the run", () => {
  expect(waitingText(room({}), false)).toBe("Everyone is here. The run starts when all are ready.");
  expect(waitingText(room({}), true)).toBe("Starting…");
  expect(waitingText(room({ parties: 3 }), false)).toBe("Waiting for 1 more person to open the link.");
  expect(waitingText(room({}, { sealed: false }), true)).toBe("You are ready. Sealing the channel to Ben…");
});

test("who cannot be reached comes first", () => {
  const away = "Ben is away. Waiting for Ben to come back.";
  expect(waitingText(room({}, { away: true }), false)).toBe(away);
  expect(waitingText(room({ parties: 3 }, { away: true }), true)).toBe(`You are ready. ${away}`);
  expect(waitingText(room({ online: false }, { away: true }), false)).toBe(
    "The relay cannot be reached. Trying again.",
  );
  expect(waitingText(room({ online: false }), true)).toBe("Starting…");
});
