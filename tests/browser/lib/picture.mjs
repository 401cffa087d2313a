// Pictures: PNG files in and out, and how far two of them are apart.
import { readFileSync } from "node:fs";
import { PNG } from "pngjs";

/** @typedef {{ width: number, height: number, data: Uint8Array }} Picture RGBA, row by row. */

/** @returns {Picture} */
export function decodePng(bytes) {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return { width, height, data };
}

/** @returns {Picture} */
export function readPng(file) {
  return decodePng(readFileSync(file));
}

/** @param {Picture} picture */
export function encodePng({ width, height, data }) {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png);
}

/** A grey ramp as a PNG file, of any size. */
export function greyPng(width, height) {
  const data = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) data.fill((y * 256) / height, y * width, (y + 1) * width);
  return PNG.sync.write({ width, height, data }, { colorType: 0, inputColorType: 0, filterType: 0 });
}

/**
 * The largest difference in any channel, and how many channel values differ at all.
 * @param {Picture} one
 * @param {Picture} other
 */
export function difference(one, other) {
  if (one.width !== other.width || one.height !== other.height) {
    throw new Error(`sizes differ: ${one.width}x${one.height} and ${other.width}x${other.height}`);
  }
  let largest = 0;
  let differing = 0;
  for (let at = 0; at < one.data.length; at += 1) {
    const apart = Math.abs(one.data[at] - other.data[at]);
    largest = Math.max(largest, apart);
    differing += apart === 0 ? 0 : 1;
  }
  return { largest, differing };
}

/**
 * How alike two pictures are: Pearson's correlation of their colour values, 0 for noise.
 * @param {Picture} one
 * @param {Picture} other
 */
export function correlation(one, other) {
  const colours = ({ data }) => Float64Array.from(data.filter((_, at) => at % 4 !== 3));
  const [a, b] = [centred(colours(one)), centred(colours(other))];
  const product = (x, y) => x.reduce((sum, value, at) => sum + value * y[at], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

function centred(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
