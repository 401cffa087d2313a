import { useEffect, useRef } from "preact/hooks";

type CanvasProps = { image: ImageData; label: string; testid?: string; class?: string };

/** A picture drawn pixel for pixel. */
export function Canvas({ image, label, testid, class: extra }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => canvas.current?.getContext("2d")?.putImageData(image, 0, 0), [image]);
  return (
    <canvas
      ref={canvas}
      class={extra}
      width={image.width}
      height={image.height}
      role="img"
      aria-label={label}
      data-testid={testid}
    />
  );
}
