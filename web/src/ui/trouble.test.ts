import { describe, expect, test } from "vitest";
import { ImageRefused } from "../photo/decode";
import { troubleFrom, troubleOf } from "./trouble";

function engineError(fault: string, code: string, more: object = {}): Error {
  return Object.assign(new Error("as the engine says it"), { fault, code, ...more });
}

describe("each error becomes plain words", () => {
  test.each([
    ["input", "link", "bad-link"],
    ["input", "expired", "expired-link"],
    ["input", "room-full", "room-full"],
    ["input", "place-kept", "place-kept"],
    ["input", "not-invited", "not-invited"],
    ["input", "revoked", "revoked"],
    ["input", "closed", "room-closed"],
    ["misuse", "second-tab", "second-tab"],
    ["relay", "relay-lost", "relay-lost"],
    ["relay", "refused", "relay-lost"],
    ["relay", "config", "no-service"],
    ["dealer", "dealer-lost", "dealer-lost"],
    ["peer", "peer", "peer-left"],
    ["peer", "different-programs", "different-programs"],
    ["peer", "different-invites", "different-programs"],
    ["input", "roles", "wrong-roles"],
    ["bug", "bug", "broken"],
  ])("%s: %s", (fault, code, kind) => {
    expect(troubleFrom(engineError(fault, code)).kind).toBe(kind);
  });
});

test("the peer is named", () => {
  expect(troubleFrom(engineError("peer", "peer", { peer: "Ben" })).title).toBe("Ben left in the middle");
  expect(troubleFrom(engineError("peer", "peer")).title).toBe("Someone left in the middle");
});

test("whoever ended it says because of whom", () => {
  const message = "Cleo ended the session because of Ben";
  const trouble = troubleFrom(engineError("peer", "given-up", { peer: "Cleo", message }));
  expect(trouble).toMatchObject({ kind: "given-up", title: message });
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
