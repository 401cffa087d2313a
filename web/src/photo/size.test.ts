import { expect, test } from "vitest";
import { scaledSize } from "./size";

test("the longer side is bounded, the proportion kept", () => {
  expect(scaledSize({ width: 8000, height: 5000 }, 1024)).toEqual({ width: 1024, height: 640 });
  expect(scaledSize({ width: 5000, height: 8000 }, 512)).toEqual({ width: 320, height: 512 });
});

test("nothing is enlarged, nothing vanishes", () => {
  expect(scaledSize({ width: 512, height: 512 }, 1024)).toEqual({ width: 512, height: 512 });
  expect(scaledSize({ width: 10_000, height: 1 }, 512)).toEqual({ width: 512, height: 1 });
});
