// Byte search for plaintext in everything a service saw.
import { readWebSocket } from "./websocket.mjs";

/** @typedef {{ name: string, bytes: Buffer }} Needle */

/**
 * Everything a recorded service saw: WebSockets in both directions, as they were on the wire and unmasked, and
 * requests. What it answers to requests is its own site, which holds preset filters and the names of controls.
 * @param {import("./recorder.mjs").Recorder} recorder
 * @returns {{ where: string, bytes: Buffer }[]}
 */
export function seenBy(recorder, service) {
  return recorder.connections.flatMap(({ sent, received }, index) => {
    const seen = (direction, buffers) => {
      const bytes = Buffer.concat(buffers);
      const where = `${service}, connection ${index}, ${direction}`;
      const socket = readWebSocket(bytes);
      if (socket) return [{ where, bytes }, { where: `${where}, unmasked`, bytes: socket.payload }];
      return direction === "sent" ? [{ where, bytes }] : [];
    };
    return [...seen("sent", sent), ...seen("received", received)];
  });
}

/**
 * All needles, of at least eight bytes each, looked for at every offset in one pass.
 * @param {{ where: string, bytes: Buffer }[]} haystacks
 * @param {Needle[]} needles
 * @returns {{ needle: string, where: string, offset: number }[]} at most one find for each needle and haystack
 */
export function findAll(haystacks, needles) {
  const index = indexOf(needles);
  return haystacks.flatMap(({ where, bytes }) => scan(bytes, index).map((find) => ({ ...find, where })));
}

/** A bitmap over the first eight bytes, which refutes most offsets cheaply, and the needles by length and content. */
function indexOf(needles) {
  const bitmap = new Uint8Array(SLOTS / 8);
  const byLength = new Map();
  for (const { name, bytes } of needles) {
    if (bytes.length < 8) throw new Error(`the needle ${name} is too short to mean anything`);
    const bit = slot(bytes.readUInt32LE(0), bytes.readUInt32LE(4));
    bitmap[bit >>> 3] |= 1 << (bit & 7);
    if (!byLength.has(bytes.length)) byLength.set(bytes.length, new Map());
    byLength.get(bytes.length).set(bytes.toString("latin1"), name);
  }
  return { bitmap, byLength: [...byLength] };
}

function scan(bytes, { bitmap, byLength }) {
  const found = new Map();
  let [first, second] = [0, 0];
  for (let end = 0; end < bytes.length; end += 1) {
    first = (first >>> 8) | (second << 24);
    second = (second >>> 8) | (bytes[end] << 24);
    const bit = slot(first, second);
    if (end < 7 || (bitmap[bit >>> 3] & (1 << (bit & 7))) === 0) continue;
    const offset = end - 7;
    for (const [length, names] of byLength) {
      const needle = names.get(bytes.toString("latin1", offset, offset + length));
      if (needle !== undefined && !found.has(needle)) found.set(needle, offset);
    }
  }
  return [...found].map(([needle, offset]) => ({ needle, offset }));
}

function slot(first, second) {
  return (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> (32 - 24);
}

const SLOTS = 1 << 24;
