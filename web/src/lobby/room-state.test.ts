import { CrypTabError } from "cryptab";
import { expect, test } from "vitest";
import type { Code, Member, Role, SessionEvent } from "../client";
import { troubleOf } from "../ui/trouble";
import { canRun, OUTSIDE, type RoomAction, type RoomState, rolesFit, roomReducer } from "./room-state";

function member(slot: number, role: Role, change: Partial<Member> = {}): Member {
  return {
    slot,
    role,
    name: `party ${slot}`,
    you: slot === 0,
    sealed: true,
    path: "relay",
    away: false,
    fingerprint: "ab",
    verified: false,
    changedKey: false,
    ...change,
  };
}

function lobby(...members: Member[]): SessionEvent {
  return { type: "lobby", members, parties: 2, online: true, dealer: "sealed" };
}

function play(...actions: RoomAction[]): RoomState {
  return actions.reduce(roomReducer, OUTSIDE);
}

const owner = member(0, "photo");
const adjuster = member(1, "adjust");
const together: RoomAction[] = [
  { type: "enter" },
  { type: "entered" },
  lobby(owner, adjuster),
  { type: "ready", resumed: false },
];
const progress: SessionEvent = {
  type: "progress",
  stage: "filter",
  round: 1,
  rounds: 4,
  bytes: 0,
  dealerBytes: 0,
  seconds: 0,
  waitingFor: [],
};

test("a run can start once all are here, sealed, in roles that fit", () => {
  expect(canRun(play(...together))).toBe(true);
  expect(canRun(play(...together.slice(0, 3)))).toBe(false);
  expect(rolesFit([owner, member(1, "photo")])).toBe(false);
  expect(rolesFit([owner, adjuster, member(2, "help")])).toBe(true);
});

test("a changed key keeps a run from starting until it is accepted", () => {
  const changed = play(...together, lobby(owner, member(1, "adjust", { changedKey: true })));
  expect(canRun(changed)).toBe(false);
  expect(canRun(roomReducer(changed, lobby(owner, adjuster)))).toBe(true);
});

test("the words to compare go when somebody leaves", () => {
  const authentication = { words: ["acid", "acorn", "acre", "acts"], emoji: [] };
  const event: SessionEvent = {
    type: "lobby",
    online: true,
    members: [owner, adjuster],
    parties: 2,
    dealer: "sealed",
    authentication,
  };
  const state = play(...together, event);
  expect(state.authentication).toEqual(authentication);
  const left: RoomAction[] = [{ type: "left", member: adjuster }, lobby(owner)];
  expect(left.reduce(roomReducer, state).authentication).toBeUndefined();
});

test("an order that is not obeyed is said beside the members, and the room goes on", () => {
  const refused = troubleOf("relay-lost");
  const before = play(...together, { type: "arm", armed: true }, { type: "order" });
  const after = roomReducer(before, { type: "refuse", trouble: refused });
  expect(after).toEqual({ ...before, refused });
  expect(canRun(after)).toBe(true);
  expect(roomReducer(after, { type: "order" }).refused).toBeUndefined();
});

test("losing somebody in the lobby waits, losing them in a run stops", () => {
  const waiting = play(...together, { type: "left", member: adjuster });
  expect(waiting.stage).toEqual({ at: "lobby", armed: false });
  expect(canRun(waiting)).toBe(false);

  const stopped = play(...together, { type: "run" }, progress, { type: "left", member: adjuster });
  expect(stopped.stage).toMatchObject({ at: "stopped", trouble: { kind: "peer-left" } });
  expect(stopped.open).toBe(false);
});

test("a channel that is not sealed takes readiness back", () => {
  expect(play(...together, lobby(owner, member(1, "adjust", { sealed: false }))).ready).toBe(false);
});

test("a closed connection keeps a result that is already there", () => {
  const share = {} as ImageData;
  const stats = { rounds: 1, bytes: 1, dealerBytes: 1, seconds: 1 };
  const done = play(
    ...together,
    { type: "run" },
    { type: "finish", result: { share, stats } },
    { type: "closed" },
  );
  expect(done.stage.at).toBe("done");
  expect(done.open).toBe(false);
});

test("progress outside a run is ignored", () => {
  expect(play(...together, progress).stage.at).toBe("lobby");
});

test("a session that did not come about waits for another, unless the programs differ", () => {
  const failed = (code: Code): RoomState => {
    const error = new CrypTabError({ fault: "peer", code, peer: "Ben", message: "Ben cannot be trusted" });
    return play(...together, { type: "failed", error });
  };
  expect(failed("dealer-lost")).toMatchObject({ stage: { at: "lobby" }, ready: false, open: true });
  expect(failed("different-invites").stage).toMatchObject({
    at: "stopped",
    trouble: { kind: "different-programs" },
  });
});

test("whoever is sent away learns why, in the lobby and in a run, but keeps a result", () => {
  const error = new CrypTabError({ fault: "input", code: "revoked", message: "taken back" });
  const away: RoomAction[] = [{ type: "failed", error }, { type: "closed" }];
  const told = { at: "stopped", trouble: { kind: "revoked" } };
  expect(play(...together, ...away).stage).toMatchObject(told);
  expect(play(...together, { type: "run" }, progress, ...away).stage).toMatchObject(told);
  const stats = { rounds: 1, bytes: 1, dealerBytes: 1, seconds: 1 };
  const finish: RoomAction = { type: "finish", result: { share: {} as ImageData, stats } };
  expect(play(...together, { type: "run" }, finish, ...away).stage.at).toBe("done");
});
