import { expect, test } from "vitest";
import type { CreatedRoom } from "../client";
import { madeHere, rememberMade } from "./made-here";

function storage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
}

function room(name: string, links: CreatedRoom["links"]): CreatedRoom {
  const link = `https://a.example/#${name.padEnd(22, "x")}mine`;
  return { link, links, owner: { secret: "5e" } } as CreatedRoom;
}

test("the maker of a room is known by any of its links, also after a reload", () => {
  const tab = storage();
  const links = [{ link: "https://a.example/#bbb", role: "photo", token: "01" }] as const;
  rememberMade(room("one", links), tab);
  const other = `${"one".padEnd(22, "x")}another`;
  expect(madeHere(other, tab)).toEqual({ links, secret: "5e" });
  expect(madeHere(`${"two".padEnd(22, "x")}mine`, tab)).toBeUndefined();
  expect(madeHere(other, storage())).toBeUndefined();
});

test("where nothing can be kept, the maker is known until the page goes", () => {
  const full = {
    ...storage(),
    setItem: () => {
      throw new Error("full");
    },
  } as Storage;
  for (const [name, tab] of [
    ["full", full],
    ["none", undefined],
  ] as const) {
    rememberMade(room(name, []), tab);
    expect(madeHere(`${name.padEnd(22, "x")}mine`, tab)).toEqual({ links: [], secret: "5e" });
  }
});

test("what is not a kept room is no room", () => {
  const tab = storage();
  const key = `cryptab:made:${"three".padEnd(22, "x")}`;
  for (const text of ["", "null", "{}", '{"secret":1,"links":[]}', '{"secret":"a"}']) {
    tab.setItem(key, text);
    expect(madeHere("three".padEnd(22, "x"), tab)).toBeUndefined();
  }
});
