// What most runs compute: the sample photo, and one adjustment of it.
import { join } from "node:path";
import { ROOT } from "./artifacts.mjs";
import { adjusted } from "./clear.mjs";
import { readPng } from "./picture.mjs";

export const FILE = join(ROOT, "web/public/sample.png");
export const PHOTO = readPng(FILE);
export const ADJUST = { brightness: 12, contrast: 1.2, saturation: 0.8, warmth: 5 };
/** The page's preset. */
export const PRESET = "sharpen";
export const FILTER = [0, -1, 0, -1, 5, -1, 0, -1, 0];

/** The photo adjusted so, in the clear. */
export function expected() {
  return adjusted(PHOTO, { ...ADJUST, filter: FILTER });
}
