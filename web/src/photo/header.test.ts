import { expect, test } from "vitest";
import { readHeader } from "./header";

const text = (letters: string) => Array.from(letters, (letter) => letter.charCodeAt(0));
const word = (value: number) => [value >> 8, value & 255];

function png(width: number, height: number): Uint8Array {
  const size = [0, 0, ...word(width), 0, 0, ...word(height)];
  return new Uint8Array([
    0x89,
    ...text("PNG\r\n\x1a\n"),
    0,
    0,
    0,
    13,
    ...text("IHDR"),
    ...size,
    8,
    2,
    0,
    0,
    0,
  ]);
}

function jpeg(width: number, height: number, orientation?: number): Uint8Array {
  const tiff = [...text("MM"), 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation ?? 0, 0, 0];
  const exif = [...text("Exif\0\0"), ...tiff];
  const block = orientation === undefined ? [] : [0xff, 0xe1, ...word(exif.length + 2), ...exif];
  const frame = [0xff, 0xc0, ...word(17), 8, ...word(height), ...word(width), 3];
  return new Uint8Array([0xff, 0xd8, ...block, ...frame]);
}

test("sizes of PNG and JPEG", () => {
  expect(readHeader(png(640, 480))).toEqual({ kind: "png", width: 640, height: 480 });
  expect(readHeader(jpeg(8000, 5000))).toEqual({ kind: "jpeg", width: 8000, height: 5000 });
});

test.each([
  [1, 300, 200],
  [3, 300, 200],
  [6, 200, 300],
  [8, 200, 300],
])("EXIF orientation %i", (orientation, width, height) => {
  expect(readHeader(jpeg(300, 200, orientation))).toEqual({ kind: "jpeg", width, height });
});

test("other formats are named", () => {
  expect(readHeader(new Uint8Array(text("GIF89a")))).toEqual({ kind: "other", name: "GIF" });
  expect(readHeader(new Uint8Array(text("RIFF0000WEBPVP8 ")))).toEqual({ kind: "other", name: "WebP" });
});

test("what is no image, or is cut off, is unknown", () => {
  expect(readHeader(new Uint8Array(text("hello, world")))).toEqual({ kind: "unknown" });
  expect(readHeader(new Uint8Array())).toEqual({ kind: "unknown" });
  for (const whole of [png(640, 480), jpeg(300, 200, 6)]) {
    for (let cut = 0; cut < 24; cut += 1) expect(readHeader(whole.subarray(0, cut)).kind).toBe("unknown");
  }
});
