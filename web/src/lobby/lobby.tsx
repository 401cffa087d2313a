import { linkTo } from "../route";
import { Panel } from "../ui/panel";
import { Members } from "./members";
import type { RoomState } from "./room-state";
import { ShareLink } from "./share-link";
import { TrustStatement } from "./trust";

type LobbyProps = { invite: string; state: RoomState; onLeave: () => void };

/** The side of the room: who is here, and how others get in. */
export function Lobby({ invite, state, onLeave }: LobbyProps) {
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
        <Members members={state.members} parties={state.parties} dealer={state.dealer} />
        <button type="button" class="button quiet" data-testid="leave" onClick={onLeave}>
          Leave or change role
        </button>
      </Panel>
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
