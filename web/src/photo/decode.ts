/** Turns a file into the pixels that go into the computation. */
export type DecodeRequest = { file: Blob; longest: number };
export type RefusedImage = "not-an-image" | "unsupported-image" | "too-large";
export type DecodeReply =
  | {
      ok: true;
      width: number;
      height: number;
      pixels: ArrayBuffer;
      original: { width: number; height: number };
    }
  | { ok: false; why: RefusedImage; format?: string };

/** A photo ready to go in, and what it was before. */
export type Photo = {
  image: ImageData;
  original: { width: number; height: number };
  source: Blob;
  name: string;
};

/** A file that is no usable photo. */
export class ImageRefused extends Error {
  constructor(
    readonly why: RefusedImage,
    readonly format?: string,
  ) {
    super(why);
  }
}

/** Decodes in a worker; rejects with `ImageRefused`. */
export function decodePhoto(source: Blob, name: string, longest: number): Promise<Photo> {
  const worker = new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Photo>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<DecodeReply>) => {
      if (!data.ok) return reject(new ImageRefused(data.why, data.format));
      const image = new ImageData(new Uint8ClampedArray(data.pixels), data.width, data.height);
      resolve({ image, original: data.original, source, name });
    });
    worker.addEventListener("error", () => reject(new ImageRefused("not-an-image")));
    worker.postMessage({ file: source, longest } satisfies DecodeRequest);
  }).finally(() => worker.terminate());
}
