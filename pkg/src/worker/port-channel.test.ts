import assert from "node:assert/strict";
import { test } from "node:test";
import { type Channel, carry } from "../direct/proxy.ts";
import { PortChannel } from "./port-channel.ts";

const PACKET = 64 * 1024;

/** A data channel on the page whose network is this test. */
class PageChannel {
  binaryType: BinaryType = "blob";
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  sent: Uint8Array[] = [];
  closed = new Promise<void>((resolve) => {
    this.close = resolve;
  });
  declare close: () => void;

  send(data: ArrayBuffer): void {
    this.sent.push(new Uint8Array(data));
    this.bufferedAmount += data.byteLength;
  }

  /** The network takes all that is buffered. */
  drain(): void {
    const before = this.bufferedAmount;
    this.bufferedAmount = 0;
    if (before > this.bufferedAmountLowThreshold) this.onbufferedamountlow?.();
  }
}

/** A channel on the page, and what stands for it in the Worker: open. */
async function open() {
  const page = new PageChannel();
  const { port1, port2 } = new MessageChannel();
  carry(page as unknown as Channel, port1);
  const worker = new PortChannel(port2);
  worker.bufferedAmountLowThreshold = 256 * 1024;
  await new Promise<void>((resolve) => {
    worker.onopen = () => resolve();
    page.onopen?.();
  });
  return { page, worker };
}

function packet(number: number): Uint8Array {
  return new Uint8Array(PACKET).fill(number);
}

/** Resolves when the Worker's side may send again. */
function drained(worker: PortChannel): Promise<void> {
  return new Promise((resolve) => {
    worker.onbufferedamountlow = () => resolve();
  });
}

test("all arrives in order, and the page's channel is never filled up", async () => {
  const { page, worker } = await open();
  const waiting = Array.from({ length: 100 }, (_, number) => packet(number));
  let fullest = 0;
  while (page.sent.length < 100) {
    while (waiting.length > 0 && worker.bufferedAmount < 1 << 20) worker.send(waiting.shift() ?? packet(0));
    await turn();
    fullest = Math.max(fullest, page.bufferedAmount);
    page.drain();
  }
  assert.equal(fullest, 1 << 20);
  assert.deepEqual(
    page.sent.map(([first]) => first),
    Array.from({ length: 100 }, (_, number) => number),
  );
  assert.ok(page.sent.every(({ length }) => length === PACKET));
  worker.close();
  await page.closed;
});

test("what the Worker's side counts as buffered is what the channel has not taken", async () => {
  const { page, worker } = await open();
  for (let number = 0; number < 40; number += 1) worker.send(packet(number));
  assert.equal(worker.bufferedAmount, 40 * PACKET);
  await drainedTo(worker, 24 * PACKET);
  assert.equal(page.sent.length, 16, "the channel holds 1 MiB");
  const low = drained(worker);
  page.drain();
  await drainedTo(worker, 8 * PACKET);
  page.drain();
  await low;
  assert.equal(worker.bufferedAmount, 0);
  worker.close();
  await page.closed;
});

test("messages come in, and text is an empty message", async () => {
  const { page, worker } = await open();
  const messages: ArrayBuffer[] = [];
  const two = new Promise<void>((resolve) => {
    worker.onmessage = ({ data }) => {
      if (messages.push(data) === 2) resolve();
    };
  });
  page.onmessage?.(new MessageEvent("message", { data: packet(7).buffer }));
  page.onmessage?.(new MessageEvent("message", { data: "text" }));
  await two;
  assert.deepEqual(
    messages.map(({ byteLength }) => byteLength),
    [PACKET, 0],
  );
  worker.close();
  await page.closed;
});

test("the end of the channel is told; a closed one takes nothing", async () => {
  const { page, worker } = await open();
  const closed = new Promise<void>((resolve) => {
    worker.onclose = () => resolve();
  });
  page.onclose?.();
  await closed;
  assert.equal(worker.readyState, "closed");
  assert.throws(() => worker.send(packet(0)), { name: "InvalidStateError" });
  worker.close();
});

/** Resolves when so many bytes are still buffered. */
async function drainedTo(worker: PortChannel, bytes: number): Promise<void> {
  while (worker.bufferedAmount > bytes) await turn();
}

/** Lets messages pass between the ports. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
