/** A landscape of a few large pixels, and noise, for the front page's drawing. Decoration only: no share is made here. */

export const COLUMNS = 16;
export const ROWS = 10;

type Rgb = [red: number, green: number, blue: number];

/** The picture before: a cool evening over hills and a lake. */
export function landscape(): string[] {
  return cells((x, y) => css(pixelAt(x, y)));
}

/** The picture after: warmer and brighter. */
export function adjusted(): string[] {
  return cells((x, y) => {
    const [red, green, blue] = pixelAt(x, y);
    return css([red * 1.1 + 48, green * 1.05 + 12, blue * 0.9 - 36]);
  });
}

/** Noise that is the same at every visit; each seed gives another. */
export function noise(seed: number): string[] {
  return cells((x, y) => {
    const at = (channel: number) => scramble(seed * 7919 + (y * COLUMNS + x) * 3 + channel) % 256;
    return css([at(0), at(1), at(2)]);
  });
}

function cells(colour: (x: number, y: number) => string): string[] {
  return Array.from({ length: COLUMNS * ROWS }, (_, index) =>
    colour(index % COLUMNS, Math.floor(index / COLUMNS)),
  );
}

function pixelAt(x: number, y: number): Rgb {
  if (y >= SHORE) {
    const glint = Math.abs(x - SUN.x) <= (y + x) % 2;
    return glint ? [214, 190, 150] : [64 - y * 2, 92 - y * 2, 122 - y * 3];
  }
  if (y >= 6 - 2 * Math.cos((x - 3) * 0.62)) return [44, 72 + x, 78];
  if (y >= 4 - 1.4 * Math.sin((x + 1) * 0.55)) return [96, 122, 146];
  if (Math.hypot(x - SUN.x, y - SUN.y) < 1.6) return [250, 232, 178];
  return [124 + y * 16, 160 + y * 9, 206 - y * 3];
}

function css(rgb: Rgb): string {
  return `rgb(${rgb.map((level) => Math.round(Math.min(255, Math.max(0, level)))).join(" ")})`;
}

/** An integer hash (the finaliser of MurmurHash3). */
function scramble(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const SUN = { x: 10.5, y: 2 };
const SHORE = 8;
