import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

type DropZoneProps = {
  filled: boolean;
  opening: boolean;
  onFile: (file: Blob, name: string) => void;
  children: ComponentChildren;
};

/** Drop, pick or paste a file, or take the sample. */
export function DropZone({ filled, opening, onFile, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) onFile(file, file.name);
  };
  const sample = async () => {
    const answer = await fetch("/sample.png");
    onFile(await answer.blob(), "Sample photo");
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is extra; the buttons inside do the same by keyboard
    <div
      class={`drop-zone${filled ? " filled" : ""}${over ? " over" : ""}`}
      aria-busy={opening}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      {children}
      {!filled && <p class="drop-words">{opening ? "Opening…" : "Drop a JPEG or PNG here, or paste one"}</p>}
      <div class="button-row">
        <button type="button" class="button" onClick={() => input.current?.click()}>
          {filled ? "Choose another" : "Choose a file"}
        </button>
        <button type="button" class="button" data-testid="sample-button" onClick={() => void sample()}>
          Use the sample photo
        </button>
      </div>
      <input
        ref={input}
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-label="Photo file"
        data-testid="file-input"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
