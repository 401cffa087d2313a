import type { RoomState } from "../lobby/room-state";
import { canRun, rolesFit } from "../lobby/room-state";
import { formatNames } from "../ui/format";
import { absentWords } from "./waiting";

type ReadyBarProps = {
  state: RoomState;
  armed: boolean;
  able: boolean;
  hint: string;
  onArm: (armed: boolean) => void;
};

/** The button that says "I am ready", and what the run still waits for. */
export function ReadyBar({ state, armed, able, hint, onArm }: ReadyBarProps) {
  return (
    <div class="ready-bar">
      <button
        type="button"
        class={armed ? "button" : "button primary"}
        data-testid="ready-button"
        aria-pressed={armed}
        disabled={!able}
        onClick={() => onArm(!armed)}
      >
        {armed ? "Not ready after all" : "Ready"}
      </button>
      <p aria-live="polite" data-testid="ready-status">
        {able ? waitingText(state, armed) : hint}
      </p>
    </div>
  );
}

/** What stands between now and the run. */
export function waitingText(state: RoomState, armed: boolean): string {
  const missing = state.parties - state.members.length;
  const you = armed ? "You are ready. " : "";
  const absent = absentWords(state);
  if (absent) return `${you}${absent}.`;
  if (missing > 0)
    return `${you}Waiting for ${missing} more ${missing === 1 ? "person" : "people"} to open the link.`;
  if (!rolesFit(state.members)) {
    return "This room needs exactly one photo owner and one adjuster. Somebody should leave and choose another role.";
  }
  const unsealed = state.members
    .filter((member) => !member.you && !member.sealed)
    .map((member) => member.name);
  if (unsealed.length > 0) return `${you}Sealing the channel to ${formatNames(unsealed)}…`;
  const changed = state.members.filter(({ changedKey }) => changedKey).map(({ name }) => name);
  if (changed.length > 0) {
    return `${you}The key of ${formatNames(changed)} has changed: compare the words, or accept it.`;
  }
  if (state.dealer === "lost") return `${you}The dealer cannot be reached; trying again…`;
  if (!canRun(state)) return `${you}Getting the dealer…`;
  return armed ? "Starting…" : "Everyone is here. The run starts when all are ready.";
}
