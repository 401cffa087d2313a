// The plaintext nobody but its owner may see, in every encoding it could travel in.

/** @typedef {import("./search.mjs").Needle} Needle */
/** @typedef {import("./picture.mjs").Picture} Picture */

/**
 * Pieces of every row of a picture: raw bytes (RGB, RGBA and one channel), u64 little-endian in scale 1 and 2^16, f64.
 * @param {string} name
 * @param {Picture} picture
 * @returns {Needle[]}
 */
export function pictureNeedles(name, picture) {
  return Array.from({ length: picture.height }, (_, y) => y).flatMap((y) =>
    layouts(picture, y).flatMap(({ layout, values }) =>
      [...pieces(values)].flatMap((piece) => encodings(`${name} row ${y} ${layout} from ${piece.from}`, piece.values)),
    ),
  );
}

/**
 * Secret parameters: each telling value by itself, and all of them in a row.
 * @param {string} name
 * @param {number[]} values
 * @returns {Needle[]}
 */
export function parameterNeedles(name, values) {
  const single = values.filter((value) => !Number.isInteger(value));
  return [
    ...single.flatMap((value, index) => numbers(`${name} value ${index}`, [value])),
    ...(values.length > 1 ? numbers(`${name} in a row`, values) : []),
  ];
}

/**
 * Text and bytes as they are.
 * @param {string} name
 * @param {string | Uint8Array} text
 * @returns {Needle}
 */
export function exactNeedle(name, text) {
  return { name, bytes: Buffer.from(text) };
}

/** The ways a row of pixels can be laid out. */
function layouts({ width, data }, y) {
  const row = data.subarray(y * width * 4, (y + 1) * width * 4);
  const channel = (offset) => row.filter((_, at) => at % 4 === offset);
  return [
    { layout: "RGBA", values: row },
    { layout: "RGB", values: row.filter((_, at) => at % 4 !== 3) },
    { layout: "red", values: channel(0) },
    { layout: "green", values: channel(1) },
    { layout: "blue", values: channel(2) },
  ];
}

/** A few pieces of a row: a find must not hang on where a frame ends, nor on a flat stretch of sky. */
function* pieces(values) {
  const step = Math.max(PIECE, Math.floor(values.length / PIECES));
  for (let from = 0; from + PIECE <= values.length; from += step) {
    const piece = values.subarray(from, from + PIECE);
    if (new Set(piece).size >= TELLING) yield { from, values: piece };
  }
}

function encodings(name, levels) {
  const few = [...levels].slice(0, PIECE / 2);
  const telling = new Set(few).size >= TELLING / 2;
  return [{ name: `${name} as u8`, bytes: Buffer.from(levels) }, ...(telling ? numbers(name, few) : [])];
}

function numbers(name, values) {
  const integers = values.every(Number.isInteger);
  return [
    ...(integers ? [{ name: `${name} as u64`, bytes: ring(values, 0) }] : []),
    { name: `${name} as u64 in units of 2^-16`, bytes: ring(values, 16) },
    { name: `${name} as f64`, bytes: Buffer.from(Float64Array.from(values).buffer) },
  ];
}

/** Fixed point in the ring of integers modulo 2^64, little-endian. */
function ring(values, fractionBits) {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => {
    bytes.writeBigInt64LE(BigInt(Math.round(value * 2 ** fractionBits)), index * 8);
  });
  return bytes;
}

const PIECE = 16;
const PIECES = 4;
const TELLING = 6;
