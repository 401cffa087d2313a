import { useEffect } from "preact/hooks";
import type { RoomState } from "../lobby/room-state";
import { Panel } from "../ui/panel";
import { waitingText } from "./ready-bar";

type HelperProps = { state: RoomState; armed: boolean; onArm: (armed: boolean) => void };

/** The helper's side before the run: nothing to do, so it is ready by itself. */
export function HelperPanel({ state, armed, onArm }: HelperProps) {
  useEffect(() => {
    if (!armed) onArm(true);
  }, [armed, onArm]);
  return (
    <Panel label="Your part" class="work">
      <p class="big">
        Keep this tab open. It will hold a share of the photo and a share of the settings, and compute on
        both.
      </p>
      <p>
        Both look like noise here, and you get no result. The run starts by itself when the others are ready.
      </p>
      <p aria-live="polite" data-testid="ready-status" class="helper-status">
        {waitingText(state, true)}
      </p>
    </Panel>
  );
}
