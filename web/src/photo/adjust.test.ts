import { describe, expect, test } from "vitest";
import type { Adjust } from "../client";
import { affineMap, applyAdjust, type Pixels } from "./adjust";
import { NEUTRAL, PRESETS } from "./filters";

function settings(change: Partial<Adjust>): Adjust {
  return { ...NEUTRAL, ...change };
}

function picture(width: number, height: number, pixel: (x: number, y: number) => number[]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data.set([...pixel(x, y), 255], (y * width + x) * 4);
  }
  return { width, height, data };
}

function one(rgb: number[], change: Partial<Adjust>): number[] {
  return [
    ...applyAdjust(
      picture(1, 1, () => rgb),
      settings(change),
    ).slice(0, 3),
  ];
}

const busy = picture(7, 5, (x, y) => [(x * 53 + y * 17) % 256, (x * 91 + 40) % 256, (y * 77 + x * 5) % 256]);

describe("the affine map", () => {
  test("neutral settings change nothing", () => {
    expect([...applyAdjust(busy, NEUTRAL)]).toEqual([...busy.data]);
  });
  test("brightness adds levels and clamps", () => {
    expect(one([10, 200, 250], { brightness: 20 })).toEqual([30, 220, 255]);
    expect(one([10, 200, 250], { brightness: -20 })).toEqual([0, 180, 230]);
  });
  test("contrast scales around 128", () => {
    expect(one([128, 138, 118], { contrast: 2 })).toEqual([128, 148, 108]);
    expect(one([0, 255, 77], { contrast: 0 })).toEqual([128, 128, 128]);
  });
  test("saturation 0 leaves the Rec. 601 luma", () => {
    expect(one([200, 100, 50], { saturation: 0 })).toEqual([124, 124, 124]); // 59.8 + 58.7 + 5.7 = 124.2
    expect(one([200, 100, 50], { saturation: 2 })).toEqual([255, 76, 0]);
  });
  test("warmth adds to red and takes from blue", () => {
    expect(one([100, 100, 100], { warmth: 15 })).toEqual([115, 100, 85]);
  });
  test("every row of M sums to the contrast", () => {
    const { matrix } = affineMap(settings({ contrast: 1.7, saturation: 0.3 }));
    for (const row of [0, 3, 6]) {
      expect(matrix.slice(row, row + 3).reduce((sum, weight) => sum + weight)).toBeCloseTo(1.7, 12);
    }
  });
});

describe("the filter", () => {
  test("is a cross-correlation, row-major", () => {
    const filter = [0, 0, 0, 0, 0, 1, 0, 0, 0]; // takes the pixel to the right
    const out = applyAdjust(busy, settings({ filter }));
    expect(out[4 * 7]).toBe(busy.data[4 * 8]);
  });
  test("replicates borders", () => {
    const filter = [1, 0, 0, 0, 0, 0, 0, 0, 0]; // up and to the left: the corner is its own neighbour
    const out = applyAdjust(busy, settings({ filter }));
    expect([...out.slice(0, 3)]).toEqual([...busy.data.slice(0, 3)]);
  });
  test("runs before clamping, on unclamped values", () => {
    const flat = picture(3, 3, () => [250, 250, 250]);
    const half = PRESETS.none.map((weight) => weight / 2);
    expect(applyAdjust(flat, settings({ brightness: 50, filter: half }))[0]).toBe(150);
  });
  test.each([
    ["sharpen", 200],
    ["blur", 200],
    ["edge", 0],
  ] as const)("%s on a flat picture", (name, level) => {
    const flat = picture(6, 4, () => [200, 200, 200]);
    expect(applyAdjust(flat, settings({ filter: [...PRESETS[name]] }))[0]).toBe(level);
  });
});
