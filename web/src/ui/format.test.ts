import { expect, test } from "vitest";
import { formatBytes, formatError, formatFingerprint, formatNames, formatSeconds } from "./format";

test("bytes", () => {
  expect([0, 999, 1000, 12_345, 7_400_000, 4e9].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.00 kB",
    "12.3 kB",
    "7.40 MB",
    "4.00 GB",
  ]);
});

test("seconds, names, fingerprints", () => {
  expect(formatSeconds(0.0921)).toBe("92 ms");
  expect([0, 3e-5, 0.6].map(formatError)).toEqual(["0", "3.0e-5", "0.60"]);
  expect(formatSeconds(1.234)).toBe("1.23 s");
  expect(formatSeconds(75.04)).toBe("75.0 s");
  expect(["", "Ana", "Ana and Ben", "Ana, Ben and Cy"]).toEqual(
    [[], ["Ana"], ["Ana", "Ben"], ["Ana", "Ben", "Cy"]].map(formatNames),
  );
  expect(formatFingerprint("a1b2c3d4e5")).toBe("a1b2 c3d4 e5");
  expect(formatFingerprint("otter lamp")).toBe("otter lamp");
});
