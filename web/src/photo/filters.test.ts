import { expect, test } from "vitest";
import { PRESET_NAMES, PRESETS, presetOf, resizeGrid, sideOf } from "./filters";

test("a preset survives growing and cutting back", () => {
  for (const name of PRESET_NAMES) {
    const grown = resizeGrid(PRESETS[name], 5);
    expect(sideOf(grown)).toBe(5);
    expect(presetOf(grown)).toBe(name);
    expect(resizeGrid(grown, 3)).toEqual([...PRESETS[name]]);
  }
});

test("an edited grid is no preset", () => {
  expect(presetOf(PRESETS.sharpen.map((weight, index) => (index === 0 ? 2 : weight)))).toBeUndefined();
});
