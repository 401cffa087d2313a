/** How large a photo may come in, and how large it goes into the computation. */

/** Longer sides on offer, in pixels. */
export const LONGEST_SIDES = [256, 512, 1024, 1536] as const;
export const USUAL_LONGEST_SIDE = 1024;

/** Beyond these a browser may run out of memory while decoding. */
export const LARGEST_FILE = 80 * 1024 * 1024;
export const LARGEST_PIXELS = 120_000_000;

type Size = { width: number; height: number };

/** The size with the longer side at most `longest`, in proportion; never enlarged. */
export function scaledSize({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: shrink(width, scale), height: shrink(height, scale) };
}

function shrink(side: number, scale: number): number {
  return Math.max(1, Math.round(side * scale));
}
