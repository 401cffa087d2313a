/** Filters as grids of weights, and the settings that change nothing. */
import type { Adjust } from "../client";

export type PresetName = "none" | "sharpen" | "blur" | "edge";
export type GridSide = 3 | 5;

/** The same grids as `cryptab demo photo --filter`. */
export const PRESETS: Record<PresetName, readonly number[]> = {
  none: [0, 0, 0, 0, 1, 0, 0, 0, 0],
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  blur: Array.from({ length: 9 }, () => 1 / 9),
  edge: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
};

export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** Settings that leave a photo as it is. */
export const NEUTRAL: Adjust = {
  brightness: 0,
  contrast: 1,
  saturation: 1,
  warmth: 0,
  filter: [...PRESETS.none],
};

/** Weights beyond this are refused, so that products stay far from the ring's edge. */
export const LARGEST_WEIGHT = 16;

/** The side of a square grid. */
export function sideOf(filter: readonly number[]): GridSide {
  return filter.length === 25 ? 5 : 3;
}

/** The same filter on a grid of another side: grown with zeros, or cut to its middle. */
export function resizeGrid(filter: readonly number[], side: GridSide): number[] {
  const from = sideOf(filter);
  const shift = (from - side) / 2;
  return Array.from({ length: side * side }, (_, index) => {
    const row = Math.floor(index / side) + shift;
    const column = (index % side) + shift;
    const inside = row >= 0 && row < from && column >= 0 && column < from;
    return inside ? (filter[row * from + column] ?? 0) : 0;
  });
}

/** Which preset a grid is, if any, on either size of grid. */
export function presetOf(filter: readonly number[]): PresetName | undefined {
  return PRESET_NAMES.find((name) => {
    const grid = resizeGrid(PRESETS[name], sideOf(filter));
    return grid.every((weight, index) => weight === filter[index]);
  });
}
