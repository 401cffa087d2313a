import type { Authentication, Member } from "../client";
import { linkTo } from "../route";
import { Panel } from "../ui/panel";
import type { Trouble } from "../ui/trouble";
import { CloseRoom } from "./close-room";
import { Compare } from "./compare";
import type { MadeRoom } from "./made-here";
import { Members } from "./members";
import { RoleLinks } from "./role-links";
import type { RoomState } from "./room-state";
import { ShareLink } from "./share-link";
import { TrustStatement } from "./trust";

type LobbyProps = {
  invite: string;
  state: RoomState;
  /** What the maker of the room has, in the maker's tab. */
  made: MadeRoom | undefined;
  /** This tab came by a link of its own, which is no invite for others. */
  personal: boolean;
  onLeave: () => void;
  onConfirm: (compared: Authentication) => void;
  onAccept: (slot: number) => void;
  onRemove: (member: Member) => void;
  onCloseRoom: () => void;
};

/** The side of the room: who is here, and how others get in. */
export function Lobby({
  invite,
  state,
  made,
  personal,
  onLeave,
  onConfirm,
  onAccept,
  onRemove,
  onCloseRoom,
}: LobbyProps) {
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
        {!state.online && (
          <p class="member-path away" data-testid="offline" role="alert">
            The relay cannot be reached. Trying again…
          </p>
        )}
        <Members
          members={state.members}
          parties={state.parties}
          dealer={state.dealer}
          compared={state.authentication !== undefined}
          onAccept={onAccept}
          onRemove={made && onRemove}
        />
        <button type="button" class="button quiet" data-testid="leave" onClick={onLeave}>
          Leave or change role
        </button>
        {made && <CloseRoom onClose={onCloseRoom} />}
        {state.refused && <Refused trouble={state.refused} />}
      </Panel>
      {state.authentication && (
        <Panel label="Nobody in between?">
          <Compare authentication={state.authentication} members={state.members} onConfirm={onConfirm} />
        </Panel>
      )}
      {!full && (made || !personal) && (
        <Panel label="Invite">
          <Invite made={made} invite={invite} />
        </Panel>
      )}
      <details class="fold">
        <summary>Whom you trust here</summary>
        <TrustStatement />
      </details>
    </aside>
  );
}

/** What was asked of the room, and why it did not come about. */
function Refused({ trouble }: { trouble: Trouble }) {
  return (
    <p class="refused" role="alert" data-testid="refused" data-kind={trouble.kind}>
      <strong>That was not done.</strong> {trouble.title}
      {trouble.detail && `: ${trouble.detail}`}.
    </p>
  );
}

/** How others get in: the maker of the room has a link for each role, or everybody has the same. */
function Invite({ made, invite }: Pick<LobbyProps, "made" | "invite">) {
  const mine = linkTo(invite, "photo");
  if (made && made.links.length > 0)
    return <RoleLinks links={made.links.filter(({ link }) => link !== mine)} />;
  return <ShareLink link={mine} />;
}
