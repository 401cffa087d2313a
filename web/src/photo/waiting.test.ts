import { expect, test } from "vitest";
import type { Member } from "../client";
import type { Progress } from "../lobby/room-state";
import { waitingWords } from "./waiting";

function member(name: string, away: boolean): Member {
  return {
    slot: 0,
    role: "help",
    name,
    you: false,
    sealed: true,
    path: "relay",
    away,
    fingerprint: "ab",
    verified: false,
    changedKey: false,
  };
}

const online = (...members: Member[]) => ({ members, online: true });

function progress(...waitingFor: string[]): Progress {
  return {
    type: "progress",
    stage: "",
    round: 0,
    rounds: 0,
    bytes: 0,
    dealerBytes: 0,
    seconds: 0,
    waitingFor,
  };
}

test("a run says whom it waits for", () => {
  const here = online(member("Ben", false), member("Cleo", false));
  expect(waitingWords(undefined, here)).toBe("Waiting until everyone is ready");
  expect(waitingWords(progress(), here)).toBe("Everyone is at work");
  expect(waitingWords(progress("Ben"), here)).toBe("Waiting for Ben");
});

test("who is away comes first", () => {
  const both = [member("Ben", true), member("Cleo", true)];
  expect(waitingWords(progress("Ben"), online(...both.slice(0, 1)))).toBe(
    "Ben is away. Waiting for Ben to come back",
  );
  expect(waitingWords(undefined, online(...both))).toBe(
    "Ben and Cleo are away. Waiting for Ben and Cleo to come back",
  );
});

test("without the relay nobody else is to blame, and who is connected directly goes on", () => {
  const alone = { members: [member("Ben", true)], online: false };
  expect(waitingWords(progress("Ben"), alone)).toBe("The relay cannot be reached. Trying again");
  const direct = { members: [member("Ben", false)], online: false };
  expect(waitingWords(progress("Ben"), direct)).toBe("Waiting for Ben");
});
