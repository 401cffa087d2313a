/** What a file's first bytes say: the format, the size in pixels and how a JPEG is turned. */
export type ImageHeader =
  | { kind: "jpeg" | "png"; width: number; height: number }
  | { kind: "other"; name: string }
  | { kind: "unknown" };

/** Reads a header; the size is as seen, after the EXIF turn. */
export function readHeader(bytes: Uint8Array): ImageHeader {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return readPng(bytes);
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return readJpeg(bytes);
  const other = OTHER_FORMATS.find(({ at, magic }) => startsWith(bytes, toBytes(magic), at));
  return other ? { kind: "other", name: other.name } : { kind: "unknown" };
}

function readPng(bytes: Uint8Array): ImageHeader {
  if (bytes.length < 24 || !startsWith(bytes, toBytes("IHDR"), 12)) return { kind: "unknown" };
  const view = viewOf(bytes);
  return sized("png", view.getUint32(16), view.getUint32(20));
}

/** Walks the segments to the frame header (SOF), noting the EXIF orientation on the way. */
function readJpeg(bytes: Uint8Array): ImageHeader {
  const view = viewOf(bytes);
  let turned = false;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (marker === 0xe1) turned = turnsSideways(bytes.subarray(at + 4, at + 2 + length)) || turned;
    if (isFrameHeader(marker)) {
      if (at + 9 > bytes.length) break;
      const height = view.getUint16(at + 5);
      const width = view.getUint16(at + 7);
      return turned ? sized("jpeg", height, width) : sized("jpeg", width, height);
    }
    at += 2 + length;
  }
  return { kind: "unknown" };
}

/** SOF0..SOF15 without DHT, JPG and DAC, which share the range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Whether an EXIF block's orientation (tag 0x0112) swaps width and height: values 5 to 8. */
function turnsSideways(exif: Uint8Array): boolean {
  if (!startsWith(exif, toBytes("Exif\0\0")) || exif.length < 14) return false;
  const view = viewOf(exif.subarray(6));
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return false;
  const entries = view.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > view.byteLength) return false;
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little) >= 5;
  }
  return false;
}

function sized(kind: "jpeg" | "png", width: number, height: number): ImageHeader {
  return width > 0 && height > 0 ? { kind, width, height } : { kind: "unknown" };
}

function startsWith(bytes: Uint8Array, magic: ArrayLike<number>, at = 0): boolean {
  return bytes.length >= at + magic.length && Array.from(magic).every((byte, i) => bytes[at + i] === byte);
}

function toBytes(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const OTHER_FORMATS = [
  { name: "GIF", at: 0, magic: "GIF8" },
  { name: "WebP", at: 8, magic: "WEBP" },
  { name: "AVIF", at: 4, magic: "ftypavif" },
  { name: "HEIC", at: 4, magic: "ftyphei" },
  { name: "HEIC", at: 4, magic: "ftypmif1" },
  { name: "TIFF", at: 0, magic: "II*\0" },
  { name: "TIFF", at: 0, magic: "MM\0*" },
  { name: "BMP", at: 0, magic: "BM" },
  { name: "PDF", at: 0, magic: "%PDF" },
  { name: "SVG", at: 0, magic: "<svg" },
];
