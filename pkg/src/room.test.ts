import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { mock, test } from "node:test";
import type { Connection } from "./connection.ts";
import { type Code, CrypTabError } from "./errors.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { join, Room } from "./room.ts";

/** A room whose every request fails. */
function failing(code: Code): Room {
  const error = new CrypTabError({ fault: "input", code, message: "sent away" });
  const connection: Pick<Connection, "request"> = { request: () => Promise.reject(error) };
  return new Room(connection as Connection, undefined, () => {}, undefined);
}

const asks = { link: "https://a.example/#invite", secret: "5e" };

test("whoever closes a room is sent away with the others: that is success", async () => {
  await failing("closed").order(asks);
  await assert.rejects(failing("relay-lost").order(asks), { code: "relay-lost" });
  await assert.rejects(failing("closed").order({ ...asks, revoke: "01" }), { code: "closed" });
});

/** A Worker that lets whoever asks into the room, and answers nothing else. */
class Door {
  onmessage: (event: { data: FromWorker }) => void = () => {};

  postMessage(message: ToWorker): void {
    if (message.type === "close") queueMicrotask(() => this.onmessage({ data: { type: "gone" } }));
    if (message.type !== "join") return;
    const { request } = message;
    queueMicrotask(() => this.onmessage({ data: { type: "answer", request, answer: {} } }));
  }

  terminate(): void {}
}

/** Joins as a page would where there are neither locks nor a storage: with a key for this room alone. */
function joinWith(signal: AbortSignal): Promise<Room> {
  Object.defineProperty(globalThis, "Worker", { value: Door, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  return join("https://a.example/#invite", { name: "Ada", signal });
}

test("whoever gives up while its identity is taken enters no room", async () => {
  const gone = new AbortController();
  const joining = joinWith(gone.signal);
  gone.abort();
  await assert.rejects(joining, { name: "AbortError" });
});

test("a room that is closed hears its signal no more", async () => {
  const { signal } = new AbortController();
  const room = await joinWith(signal);
  assert.equal(getEventListeners(signal, "abort").length, 1);
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    room.close();
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(1_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(getEventListeners(signal, "abort").length, 0);
  } finally {
    mock.timers.reset();
  }
});
