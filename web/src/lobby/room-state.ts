/** Where this tab stands in its room: one value, changed only by `roomReducer`. */
import type { Authentication, CrypTabError, DealerState, Member, PhotoResult, SessionEvent } from "../client";
import { type Trouble, type TroubleKind, troubleFrom, troubleOf } from "../ui/trouble";

export type Progress = Extract<SessionEvent, { type: "progress" }>;

export type Stage =
  | { at: "door" }
  | { at: "entering" }
  | { at: "lobby"; armed: boolean }
  | { at: "running"; progress?: Progress }
  | { at: "done"; result: PhotoResult }
  | { at: "stopped"; trouble: Trouble };

export type RoomState = {
  stage: Stage;
  members: Member[];
  parties: number;
  /** Whether the relay can be reached. */
  online: boolean;
  dealer: DealerState;
  /** What people compare, once everyone is here. */
  authentication?: Authentication | undefined;
  /** Everyone is here and every channel is sealed. */
  ready: boolean;
  /** The connection is still good for another run. */
  open: boolean;
  /** What was asked of the room last, and did not come about; the room goes on. */
  refused?: Trouble | undefined;
};

export type RoomAction =
  | { type: "leave" }
  | { type: "enter" }
  | { type: "entered" }
  | { type: "arm"; armed: boolean }
  | { type: "run" }
  | { type: "finish"; result: PhotoResult }
  | { type: "stop"; trouble: Trouble }
  | { type: "again" }
  | { type: "order" }
  | { type: "refuse"; trouble: Trouble }
  | SessionEvent;

export const OUTSIDE: RoomState = {
  stage: { at: "door" },
  members: [],
  parties: 0,
  online: true,
  dealer: "connecting",
  ready: false,
  open: false,
};

export function roomReducer(state: RoomState, action: RoomAction): RoomState {
  switch (action.type) {
    case "leave":
      return OUTSIDE;
    case "enter":
      return { ...OUTSIDE, stage: { at: "entering" } };
    case "entered":
      return { ...state, open: true, stage: { at: "lobby", armed: false } };
    case "arm":
      return state.stage.at === "lobby" ? { ...state, stage: { at: "lobby", armed: action.armed } } : state;
    case "run":
      return { ...state, stage: { at: "running" } };
    case "finish":
      return { ...state, stage: { at: "done", result: action.result } };
    case "stop":
      return stopped(state, action.trouble);
    case "again":
      return { ...state, stage: { at: "lobby", armed: false } };
    case "order":
      return { ...state, refused: undefined };
    case "refuse":
      return { ...state, refused: action.trouble };
    case "lobby":
      return lobbyChanged(state, action);
    case "ready":
      return { ...state, ready: true };
    case "progress":
      return state.stage.at === "running" ? { ...state, stage: { at: "running", progress: action } } : state;
    case "left":
      return someoneLeft(state, action.member);
    case "failed":
      return failed(state, action.error);
    case "closed":
      return closed(state);
  }
}

/** Whether the roles chosen make a run: one photo owner, one adjuster, the rest help. */
export function rolesFit(members: readonly Member[]): boolean {
  const count = (role: Member["role"]) => members.filter((member) => member.role === role).length;
  return count("photo") === 1 && count("adjust") === 1;
}

/** Whether a run can start as soon as this tab is ready too. */
export function canRun(state: RoomState): boolean {
  const complete = state.open && state.ready && state.members.length === state.parties;
  return complete && rolesFit(state.members) && !state.members.some(({ changedKey }) => changedKey);
}

function lobbyChanged(state: RoomState, lobby: Extract<SessionEvent, { type: "lobby" }>): RoomState {
  const { members, parties, online, dealer, authentication } = lobby;
  const complete = members.length === parties && members.every((member) => member.you || member.sealed);
  return { ...state, members, parties, online, dealer, authentication, ready: state.ready && complete };
}

function someoneLeft(state: RoomState, left: Member): RoomState {
  const members = state.members.filter((member) => member.slot !== left.slot);
  if (state.stage.at === "running") return stopped(state, troubleOf("peer-left", left.name));
  return { ...state, members, ready: false };
}

/** After trouble this tab is outside the room until it joins anew. */
function stopped(state: RoomState, trouble: Trouble): RoomState {
  return { ...state, open: false, ready: false, stage: { at: "stopped", trouble } };
}

/** A session that did not come about; one that is lost in a run says so itself, and a new one may come. */
function failed(state: RoomState, error: CrypTabError): RoomState {
  const trouble = troubleFrom(error);
  if (state.stage.at === "lobby" && HOPELESS.has(trouble.kind)) return stopped(state, trouble);
  if (state.stage.at === "running" && SENT_AWAY.has(trouble.kind)) return stopped(state, trouble);
  return { ...state, ready: false };
}

/** This tab is outside, for no reason that is known yet; a run that is lost names a better one right after. */
function closed(state: RoomState): RoomState {
  if (state.stage.at === "lobby" || state.stage.at === "running")
    return stopped(state, troubleOf("relay-lost"));
  return { ...state, open: false, ready: false };
}

/** This tab must not be in the room any longer. */
const SENT_AWAY: ReadonlySet<TroubleKind> = new Set(["revoked", "room-closed", "expired-link"]);

/** What does not mend itself when people wait. */
const HOPELESS: ReadonlySet<TroubleKind> = new Set(["different-programs", "broken", ...SENT_AWAY]);
