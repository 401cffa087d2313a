import { linkTo } from "../route";
import { Panel } from "../ui/panel";
import { Compare } from "./compare";
import { Members } from "./members";
import type { RoomState } from "./room-state";
import { ShareLink } from "./share-link";
import { TrustStatement } from "./trust";

type LobbyProps = {
  invite: string;
  state: RoomState;
  onLeave: () => void;
  onConfirm: () => void;
  onAccept: (slot: number) => void;
};

/** The side of the room: who is here, and how others get in. */
export function Lobby({ invite, state, onLeave, onConfirm, onAccept }: LobbyProps) {
  const full = state.parties > 0 && state.members.length >= state.parties;
  if (!state.open) {
    return (
      <aside class="lobby" aria-label="The room">
        <Panel label="Not connected">
          <p>This tab is outside the room. What you chose here is kept for the next run.</p>
          <button type="button" class="button quiet" data-testid="leave" onClick={onLeave}>
            Change name or role
          </button>
        </Panel>
      </aside>
    );
  }
  return (
    <aside class="lobby" aria-label="The room">
      <Panel label={`Here: ${state.members.length} of ${state.parties || "…"}`}>
        <Members
          members={state.members}
          parties={state.parties}
          dealer={state.dealer}
          compared={state.authentication !== undefined}
          onAccept={onAccept}
        />
        <button type="button" class="button quiet" data-testid="leave" onClick={onLeave}>
          Leave or change role
        </button>
      </Panel>
      {state.authentication && (
        <Panel label="Nobody in between?">
          <Compare authentication={state.authentication} members={state.members} onConfirm={onConfirm} />
        </Panel>
      )}
      {!full && (
        <Panel label="Invite">
          <ShareLink link={linkTo(invite, "photo")} />
        </Panel>
      )}
      <details class="fold">
        <summary>Whom you trust here</summary>
        <TrustStatement />
      </details>
    </aside>
  );
}
