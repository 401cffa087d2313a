import { describe, expect, test } from "vitest";
import { ImageRefused } from "../photo/decode";
import { troubleFrom, troubleOf } from "./trouble";

function engineError(fault: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { fault, ...more });
}

describe("each error becomes plain words", () => {
  test.each([
    ["input", "the link's checksum does not match", "bad-link"],
    ["input", "the link expired 2 h ago", "expired-link"],
    ["relay", "refused: Expired", "expired-link"],
    ["relay", "refused: Full", "room-full"],
    ["relay", "refused: MemberPresent", "second-tab"],
    ["relay", "connection closed", "relay-lost"],
    ["relay", "/config.json: 404", "no-service"],
    ["dealer", "connection closed", "dealer-lost"],
    ["peer", "closed its channel", "peer-left"],
    ["peer", "programs differ at operation 7: conv2d against matmul", "different-programs"],
    ["bug", "unreachable", "broken"],
  ])("%s: %s", (fault, message, kind) => {
    expect(troubleFrom(engineError(fault, message)).kind).toBe(kind);
  });
});

test("a code from the engine is understood too", () => {
  expect(troubleFrom(engineError("relay", "no", { code: "room-full" })).kind).toBe("room-full");
  expect(troubleFrom(engineError("relay", "no", { code: "second-tab" })).kind).toBe("second-tab");
});

test("the peer is named", () => {
  expect(troubleFrom(engineError("peer", "gone", { peer: "Ben" })).title).toBe("Ben left in the middle");
  expect(troubleFrom(engineError("peer", "gone")).title).toBe("Someone left in the middle");
});

test("a refused file says which format it is", () => {
  expect(troubleFrom(new ImageRefused("unsupported-image", "GIF")).title).toBe(
    "GIF files are not supported here",
  );
  expect(troubleFrom(new ImageRefused("not-an-image")).kind).toBe("not-an-image");
});

test("anything else is our fault", () => {
  expect(troubleFrom("odd").kind).toBe("broken");
  expect(troubleOf("broken").detail).toBeUndefined();
});
