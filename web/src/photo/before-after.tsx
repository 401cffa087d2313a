import { useRef, useState } from "preact/hooks";
import { Canvas } from "../ui/canvas";

/** Two pictures on top of each other with a seam between them, moved by pointer or keyboard. */
export function BeforeAfter({ before, after }: { before: ImageData; after: ImageData }) {
  const [seam, setSeam] = useState(50);
  const frame = useRef<HTMLDivElement>(null);
  const move = (to: number) => setSeam(Math.min(100, Math.max(0, Math.round(to))));
  const follow = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (box) move(((event.clientX - box.left) / box.width) * 100);
  };
  return (
    <div
      ref={frame}
      class="before-after"
      style={{ "--seam": `${seam}%` }}
      onPointerDown={(event) => {
        frame.current?.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={(event) => event.buttons > 0 && follow(event)}
    >
      <Canvas image={after} label="After" testid="result-canvas" />
      <Canvas image={before} label="Before" class="before" />
      <span class="corner left">before</span>
      <span class="corner right">after</span>
      <div
        class="seam"
        role="slider"
        tabIndex={0}
        aria-label="Seam between before and after"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={seam}
        aria-valuetext={`${seam} percent before`}
        data-testid="before-after"
        onKeyDown={(event) => {
          const to = moved(event.key, seam);
          if (to === undefined) return;
          event.preventDefault();
          move(to);
        }}
      >
        <span class="seam-grip" aria-hidden="true" />
      </div>
    </div>
  );
}

/** Where a key takes the seam; undefined when it is no key for sliders. */
function moved(key: string, seam: number): number | undefined {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return seam - 2;
    case "ArrowRight":
    case "ArrowUp":
      return seam + 2;
    case "PageDown":
      return seam - 20;
    case "PageUp":
      return seam + 20;
    case "Home":
      return 0;
    case "End":
      return 100;
    default:
      return undefined;
  }
}
