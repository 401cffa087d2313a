import assert from "node:assert/strict";
import { test } from "node:test";
import { toRgb, toRgba } from "./pixels.ts";

test("opaque pixels come back as they were", () => {
  const rgba = Uint8ClampedArray.of(1, 2, 3, 255, 250, 251, 252, 255);
  const rgb = toRgb(rgba);
  assert.deepEqual([...rgb], [1, 2, 3, 250, 251, 252]);
  assert.deepEqual(toRgba(rgb), rgba);
});

test("transparent pixels lie on white", () => {
  assert.deepEqual(
    [...toRgb(Uint8ClampedArray.of(9, 9, 9, 0, 0, 100, 200, 128))],
    [255, 255, 255, 127, 177, 227],
  );
});
