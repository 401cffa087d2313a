import { expect, test } from "vitest";
import { inviteOf, linkTo, looksLikeInvite, parseRoute } from "./route";

const INVITE = "Ab9_-".repeat(24);

test("a fragment names a page", () => {
  expect(parseRoute("")).toEqual({ page: "front" });
  expect(parseRoute("#")).toEqual({ page: "front" });
  expect(parseRoute("#bench")).toEqual({ page: "bench" });
  expect(parseRoute(`#bench/${INVITE}`)).toEqual({ page: "bench", invite: INVITE });
  expect(parseRoute(`#${INVITE}`)).toEqual({ page: "photo", invite: INVITE });
});

test("links keep the invite in the fragment", () => {
  for (const page of ["photo", "bench"] as const) {
    const url = new URL(linkTo(INVITE, page, "https://example.test"));
    expect(url.search).toBe("");
    expect(url.pathname).toBe("/");
    expect(parseRoute(url.hash)).toEqual({ page, invite: INVITE });
  }
  expect(inviteOf(`https://example.test/#${INVITE}`)).toBe(INVITE);
  expect(inviteOf("https://example.test/")).toBe("");
});

test("what cannot be an invite is told apart", () => {
  expect(looksLikeInvite(INVITE)).toBe(true);
  expect(looksLikeInvite("short")).toBe(false);
  expect(looksLikeInvite(`${INVITE}=`)).toBe(false);
});
