import { useEffect, useRef, useState } from "preact/hooks";
import type { Adjust } from "../client";
import { applyAdjust } from "./adjust";

/** The settings at work, in the clear, on a picture that came with the page. */
export function Preview({ adjust }: { adjust: Adjust }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture, setPicture] = useState<ImageData>();

  useEffect(() => {
    let wanted = true;
    void loadPicture().then((loaded) => wanted && setPicture(loaded));
    return () => {
      wanted = false;
    };
  }, []);

  useEffect(() => {
    if (!picture) return;
    const frame = requestAnimationFrame(() => {
      const adjusted = new ImageData(applyAdjust(picture, adjust), picture.width, picture.height);
      canvas.current?.getContext("2d")?.putImageData(adjusted, 0, 0);
    });
    return () => cancelAnimationFrame(frame);
  }, [picture, adjust]);

  return (
    <figure class="preview">
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label="Preview on a stand-in picture"
        data-testid="preview"
      />
      <figcaption>
        A stand-in picture, so that you see what your settings do. The real photo never comes to this tab.
      </figcaption>
    </figure>
  );
}

async function loadPicture(): Promise<ImageData | undefined> {
  const bitmap = await createImageBitmap(await (await fetch("/preview.jpg")).blob());
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d");
  context?.drawImage(bitmap, 0, 0);
  return context?.getImageData(0, 0, WIDTH, HEIGHT);
}

// The size of public/preview.jpg.
const WIDTH = 480;
const HEIGHT = 320;
