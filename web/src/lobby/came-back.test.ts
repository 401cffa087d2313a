import { expect, test } from "vitest";
import { bytesOf, contributionOf, forgetPerson, personBefore, rememberPerson } from "./came-back";
import type { Person } from "./use-room";

class Kept {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

const ROOM = "AQBCDEFGHIJKLMNOPQRSTU";
const ADA: Person = { name: "Ada", role: "photo", route: "relay" };

test("a tab that was reloaded knows who it was, until it has left", () => {
  const kept = new Kept();
  const storage = kept as unknown as Storage;
  rememberPerson(`${ROOM}secret`, ADA, storage);
  expect([...kept.items.keys()]).toEqual([`cryptab:person:${ROOM}`]);
  expect(personBefore(`${ROOM}other secret`, storage)).toEqual(ADA);
  expect(personBefore("another room than this", storage)).toBeUndefined();
  forgetPerson(ROOM, storage);
  expect(personBefore(ROOM, storage)).toBeUndefined();
});

test("what is damaged is nobody", () => {
  const kept = new Kept();
  for (const text of [
    "{",
    "null",
    "{}",
    '{"name":"Ada","role":"king","route":"best"}',
    '{"name":1,"role":"help"}',
  ]) {
    kept.setItem(`cryptab:person:${ROOM}`, text);
    expect(personBefore(ROOM, kept as unknown as Storage)).toBeUndefined();
  }
});

test("contributions survive as bytes", () => {
  class Pixels {
    constructor(
      readonly data: Uint8ClampedArray,
      readonly width: number,
      readonly height: number,
    ) {}
  }
  Object.assign(globalThis, { ImageData: Pixels });
  const image = new ImageData(new Uint8ClampedArray([1, 2, 3, 255, 250, 251, 252, 255]), 2, 1);
  const adjust = { brightness: 0.5, contrast: 1, saturation: 1, warmth: 0, filter: [0, 0.25, 1] };
  for (const mine of [
    { role: "photo" as const, image },
    { role: "adjust" as const, adjust },
    { role: "help" as const },
  ]) {
    expect(contributionOf(bytesOf(mine))).toEqual(mine);
  }
});
