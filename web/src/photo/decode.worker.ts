/** Decodes and scales a picture away from the page, so that even 40 megapixels leave it responsive. */
import type { DecodeReply, DecodeRequest } from "./decode";
import { readHeader } from "./header";
import { LARGEST_FILE, LARGEST_PIXELS, scaledSize } from "./size";

addEventListener("message", async ({ data }: MessageEvent<DecodeRequest>) => {
  const reply = await decode(data);
  postMessage(reply, { transfer: reply.ok ? [reply.pixels] : [] });
});

async function decode({ file, longest }: DecodeRequest): Promise<DecodeReply> {
  if (file.size > LARGEST_FILE) return { ok: false, why: "too-large" };
  const header = readHeader(new Uint8Array(await file.arrayBuffer()));
  if (header.kind === "unknown") return { ok: false, why: "not-an-image" };
  if (header.kind === "other") return { ok: false, why: "unsupported-image", format: header.name };
  if (header.width * header.height > LARGEST_PIXELS) return { ok: false, why: "too-large" };

  const size = scaledSize(header, longest);
  const bitmap = await toBitmap(file, header, size);
  if (!bitmap) return { ok: false, why: "not-an-image" };
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return { ok: false, why: "not-an-image" };
  // A photo has no alpha: what is see-through is laid on white.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, size.width, size.height);
  context.drawImage(bitmap, 0, 0, size.width, size.height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, size.width, size.height);
  return {
    ok: true,
    ...size,
    pixels: data.buffer,
    original: { width: header.width, height: header.height },
  };
}

type Size = { width: number; height: number };

/** The decoded picture, turned as EXIF says; undefined when its data are damaged. */
async function toBitmap(file: Blob, from: Size, to: Size): Promise<ImageBitmap | undefined> {
  const scaled = from.width !== to.width || from.height !== to.height;
  const resize: ImageBitmapOptions = scaled
    ? { resizeWidth: to.width, resizeHeight: to.height, resizeQuality: "high" }
    : {};
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image", ...resize });
  } catch {
    return undefined;
  }
}
