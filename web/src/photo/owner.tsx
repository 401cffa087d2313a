import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { RoomState } from "../lobby/room-state";
import { Canvas } from "../ui/canvas";
import { Panel } from "../ui/panel";
import { Segmented } from "../ui/segmented";
import { type Trouble, troubleFrom } from "../ui/trouble";
import { TroublePanel } from "../ui/trouble-panel";
import { decodePhoto, type Photo } from "./decode";
import { DropZone } from "./drop-zone";
import { ReadyBar } from "./ready-bar";
import { LONGEST_SIDES } from "./size";

type OwnerProps = {
  state: RoomState;
  armed: boolean;
  photo: Photo | undefined;
  longest: number;
  onPhoto: (photo: Photo | undefined) => void;
  onLongest: (longest: number) => void;
  onArm: (armed: boolean) => void;
};

/** The photo owner's side before the run: choose a photo, see how large it goes in. */
export function OwnerPanel({ state, armed, photo, longest, onPhoto, onLongest, onArm }: OwnerProps) {
  const [opening, setOpening] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  // Only the file chosen last counts, however long another takes to open.
  const latest = useRef(0);

  const open = useCallback(
    async (source: Blob, name: string, side: number) => {
      const mine = ++latest.current;
      setTrouble(undefined);
      setOpening(true);
      onArm(false);
      try {
        const opened = await decodePhoto(source, name, side);
        if (mine === latest.current) onPhoto(opened);
      } catch (error) {
        if (mine !== latest.current) return;
        onPhoto(undefined);
        setTrouble(troubleFrom(error));
      } finally {
        if (mine === latest.current) setOpening(false);
      }
    },
    [onArm, onPhoto],
  );
  const choose = useCallback(
    (source: Blob, name: string) => void open(source, name, longest),
    [open, longest],
  );
  usePaste(choose);

  const resize = (side: number) => {
    onLongest(side);
    if (photo) void open(photo.source, photo.name, side);
  };

  return (
    <Panel label="Your photo" class="work">
      {trouble ? (
        <TroublePanel trouble={trouble} onStartAgain={() => setTrouble(undefined)} />
      ) : (
        <DropZone filled={photo !== undefined} opening={opening} onFile={choose}>
          {photo && <Canvas image={photo.image} label="Your photo as it goes in" testid="input-canvas" />}
        </DropZone>
      )}
      <div class="owner-size">
        <Segmented
          legend="Longer side at most, in pixels"
          name="longest-side"
          value={longest}
          options={LONGEST_SIDES.map((side) => ({ value: side, label: String(side) }))}
          onChange={resize}
        />
        <p class="hint" aria-live="polite" data-testid="size-note">
          {opening
            ? "Opening the photo…"
            : photo
              ? sizeNote(photo)
              : "Larger photos are scaled down to this before they go in."}
        </p>
      </div>
      <ReadyBar
        state={state}
        armed={armed}
        able={photo !== undefined && !opening}
        hint="Choose a photo first."
        onArm={onArm}
      />
    </Panel>
  );
}

/** Says aloud what happened to the size. */
function sizeNote({ name, image, original }: Photo): string {
  const now = `${image.width} × ${image.height}`;
  if (image.width === original.width && image.height === original.height)
    return `${name}: goes in as it is, ${now} pixels.`;
  return `${name}: ${original.width} × ${original.height} pixels, scaled down to ${now}. The result will have that size.`;
}

function usePaste(onFile: (source: Blob, name: string) => void) {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0];
      if (file) onFile(file, file.name || "pasted picture");
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, [onFile]);
}
