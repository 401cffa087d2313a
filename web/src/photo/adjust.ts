/**
 * The adjustment in the clear, exactly as the parties compute it on shares. The page uses it only to
 * show an adjuster, on a bundled picture, what the settings do.
 *
 * Saturation s interpolates each channel with the Rec. 601 luma Y, contrast k scales around 128,
 * brightness adds levels, warmth adds to red and takes from blue: one affine map M·rgb + b. Then the
 * filter (cross-correlation, borders replicated), then clamp to 0..255 and round to nearest.
 */
import type { Adjust } from "../client";

/** Pixels as a canvas holds them: four bytes each, row by row. */
export type Pixels = { width: number; height: number; data: Uint8ClampedArray };

/** M (row-major, 3x3) and b of the affine map. */
export type AffineMap = { matrix: number[]; offset: [number, number, number] };

/** Adjusts a picture; alpha is kept. */
export function applyAdjust(image: Pixels, adjust: Adjust): Uint8ClampedArray<ArrayBuffer> {
  const planes = mapPlanes(image, affineMap(adjust));
  const filtered = planes.map((plane) => filterPlane(plane, image.width, image.height, adjust.filter));
  const out = new Uint8ClampedArray(image.data.length);
  for (let pixel = 0; pixel < image.width * image.height; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      out[pixel * 4 + channel] = toLevel(filtered[channel]?.[pixel] ?? 0);
    }
    out[pixel * 4 + 3] = image.data[pixel * 4 + 3] ?? OPAQUE;
  }
  return out;
}

/** The four settings as one affine map. */
export function affineMap(adjust: Omit<Adjust, "filter">): AffineMap {
  const { brightness, contrast, saturation, warmth } = adjust;
  const matrix = [0, 1, 2].flatMap((row) =>
    LUMA.map((luma, column) => contrast * ((row === column ? saturation : 0) + (1 - saturation) * luma)),
  );
  const base = MIDDLE * (1 - contrast) + brightness;
  return { matrix, offset: [base + warmth, base, base - warmth] };
}

function mapPlanes(image: Pixels, { matrix, offset }: AffineMap): Float64Array[] {
  const count = image.width * image.height;
  return [0, 1, 2].map((row) => {
    const [r = 0, g = 0, b = 0] = matrix.slice(row * 3, row * 3 + 3);
    const add = offset[row] ?? 0;
    const plane = new Float64Array(count);
    for (let pixel = 0; pixel < count; pixel += 1) {
      const at = pixel * 4;
      plane[pixel] =
        r * (image.data[at] ?? 0) + g * (image.data[at + 1] ?? 0) + b * (image.data[at + 2] ?? 0) + add;
    }
    return plane;
  });
}

function filterPlane(plane: Float64Array, width: number, height: number, filter: number[]): Float64Array {
  const side = Math.round(Math.sqrt(filter.length));
  const reach = (side - 1) / 2;
  const out = new Float64Array(plane.length);
  filter.forEach((weight, index) => {
    if (weight === 0) return;
    const down = Math.floor(index / side) - reach;
    const right = (index % side) - reach;
    for (let y = 0; y < height; y += 1) {
      const from = replicate(y + down, height) * width;
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        out[at] = (out[at] ?? 0) + weight * (plane[from + replicate(x + right, width)] ?? 0);
      }
    }
  });
  return out;
}

/** The nearest index inside: a border repeats its last pixel. */
function replicate(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index;
}

function toLevel(value: number): number {
  return Math.floor(Math.min(255, Math.max(0, value)) + 0.5);
}

// Rec. 601.
const LUMA = [0.299, 0.587, 0.114];
const MIDDLE = 128;
const OPAQUE = 255;
