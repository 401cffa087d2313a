// The harness checks itself: what records, searches and compares must be able to find what it looks for.
import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import test from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { ROOT } from "./lib/artifacts.mjs";
import { Browser } from "./lib/browser.mjs";
import { adjusted, affineMap } from "./lib/clear.mjs";
import { alteredLink, OWNERLESS, readInvite, writeInvite } from "./lib/invite.mjs";
import { exactNeedle, parameterNeedles, pictureNeedles } from "./lib/needles.mjs";
import { correlation, decodePng, difference, encodePng, greyPng, readPng } from "./lib/picture.mjs";
import { Recorder } from "./lib/recorder.mjs";
import { findAll, seenBy } from "./lib/search.mjs";

const SAMPLE = readPng(join(ROOT, "web/public/sample.png"));
const NEUTRAL = { brightness: 0, contrast: 1, saturation: 1, warmth: 0, filter: [0, 0, 0, 0, 1, 0, 0, 0, 0] };

/** A WebSocket echo behind a recorder, and a client connected through it. */
async function recordedEcho(t) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await once(server, "listening");
  server.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  const recorder = await Recorder.start(server.address().port);
  const client = new WebSocket(`ws://127.0.0.1:${recorder.port}/relay`, { perMessageDeflate: false });
  await once(client, "open");
  t.after(async () => {
    client.terminate();
    await recorder.stop();
    server.close();
  });
  return { recorder, client };
}

async function echo(client, message) {
  client.send(message);
  return (await once(client, "message"))[0];
}

test("the recorder passes bytes on unchanged and sees them masked and unmasked", async (t) => {
  const { recorder, client } = await recordedEcho(t);
  for (const length of [1, 125, 126, 65_535, 65_536, 300_000]) {
    const message = Buffer.alloc(length, length & 255);
    assert.ok((await echo(client, message)).equals(message), `${length} bytes`);
  }
  const secret = Buffer.from("a plaintext that nobody should see");
  await echo(client, secret);
  const finds = findAll(seenBy(recorder, "relay"), [exactNeedle("secret", secret)]).map(({ where }) => where);
  assert.deepEqual(finds, [
    "relay, connection 0, sent, unmasked", // masked by the client, so not found as it was on the wire
    "relay, connection 0, received",
    "relay, connection 0, received, unmasked",
  ]);
});

test("the search finds a row of a photo in every encoding, at any offset", async (t) => {
  const { recorder, client } = await recordedEcho(t);
  const needles = pictureNeedles("photo", SAMPLE);
  const row = SAMPLE.data.subarray(300 * 512 * 4, 301 * 512 * 4);
  const red = row.filter((_, at) => at % 4 === 0);
  const ring = (bits) => Buffer.from(BigUint64Array.from(red, (level) => BigInt(level) << BigInt(bits)).buffer);
  const planted = {
    RGBA: Buffer.from(row),
    "red from 0 as u8": Buffer.from(red),
    "as u64": ring(0),
    "2^-16": ring(16),
    f64: Buffer.from(Float64Array.from(red).buffer),
  };
  for (const [encoding, bytes] of Object.entries(planted)) {
    await echo(client, Buffer.concat([Buffer.alloc(7, 9), bytes]));
    const finds = findAll(seenBy(recorder, "relay"), needles).map(({ needle }) => needle);
    assert.ok(finds.some((name) => name.includes("row 300") && name.includes(encoding)), encoding);
  }
});

test("the search finds parameters, and nothing in random bytes", async () => {
  const adjust = { ...NEUTRAL, contrast: 1.2, saturation: 0.8 };
  const needles = [
    ...parameterNeedles("matrix", affineMap(adjust).matrix),
    ...parameterNeedles("filter", [0, -1, 0, -1, 5, -1, 0, -1, 0]),
    ...pictureNeedles("photo", SAMPLE),
  ];
  const bytes = Buffer.alloc(4_000_000);
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  assert.deepEqual(findAll([{ where: "noise", bytes }], needles), []);
  bytes.writeBigInt64LE(BigInt(Math.round(affineMap(adjust).matrix[0] * 65_536)), 12_345);
  Buffer.from(BigInt64Array.from([0n, -1n, 0n, -1n, 5n, -1n, 0n, -1n, 0n]).buffer).copy(bytes, 3_000_001);
  const finds = findAll([{ where: "planted", bytes }], needles).map(({ offset }) => offset);
  assert.ok(finds.includes(12_345) && finds.includes(3_000_001), String(finds));
});

test("the recorder holds a connection in its middle and lets it go on", async (t) => {
  const { recorder, client } = await recordedEcho(t);
  const held = recorder.holdAfter(100_000);
  let answered = 0;
  client.on("message", () => {
    answered += 1;
  });
  for (let i = 0; i < 20; i += 1) client.send(Buffer.alloc(20_000));
  await held;
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(answered < 20, `${answered} answers while held`);
  recorder.release();
  while (answered < 20) await once(client, "message");
});

test("a picture survives PNG, and differences are found", () => {
  const again = decodePng(encodePng(SAMPLE));
  assert.deepEqual(difference(SAMPLE, again), { largest: 0, differing: 0 });
  again.data[4 * 1000 + 1] ^= 3;
  assert.equal(difference(SAMPLE, again).differing, 1);
  assert.throws(() => difference(SAMPLE, { width: 1, height: 1, data: new Uint8Array(4) }), /sizes differ/);
  assert.ok(correlation(SAMPLE, again) > 0.99);
  const noise = { ...SAMPLE, data: new Uint8Array(SAMPLE.data.length) };
  for (let at = 0; at < noise.data.length; at += 65_536) crypto.getRandomValues(noise.data.subarray(at, at + 65_536));
  assert.ok(Math.abs(correlation(SAMPLE, noise)) < 0.01);
  assert.deepEqual([decodePng(greyPng(300, 200)).width, decodePng(greyPng(300, 200)).data[200 * 300 * 2]], [300, 128]);
});

test("the clear computation does what the adjustment's definition says", () => {
  assert.equal(difference(adjusted(SAMPLE, NEUTRAL), SAMPLE).largest, 0);
  const pixel = (rgb) => ({ width: 1, height: 1, data: Uint8Array.from([...rgb, 255]) });
  const one = (rgb, change) => [...adjusted(pixel(rgb), { ...NEUTRAL, ...change }).data.slice(0, 3)];
  assert.deepEqual(one([100, 100, 100], { brightness: 20 }), [120, 120, 120]);
  assert.deepEqual(one([100, 128, 200], { contrast: 2 }), [72, 128, 255]);
  assert.deepEqual(one([100, 100, 100], { warmth: 7 }), [107, 100, 93]);
  assert.deepEqual(one([255, 0, 0], { saturation: 0 }), [76, 76, 76]); // 0.299 * 255 = 76.2
  const row = { width: 3, height: 1, data: Uint8Array.from([10, 10, 10, 255, 20, 20, 20, 255, 40, 40, 40, 255]) };
  const filter = [0, 0, 0, 1, 0, -0.5, 0, 0, 0]; // left less half of right, borders replicated, no flip
  const out = adjusted(row, { ...NEUTRAL, filter }).data.filter((_, at) => at % 4 === 0);
  assert.deepEqual([...out], [0, 0, 0]);
  const right = [0, 0, 0, 0, 0, 1, 0, 0, 0];
  assert.deepEqual([...adjusted(row, { ...NEUTRAL, filter: right }).data.filter((_, at) => at % 4 === 0)], [20, 40, 40]);
  const { matrix, offset } = affineMap({ brightness: 5, contrast: 1, saturation: 1, warmth: 2 });
  assert.deepEqual([...matrix, ...offset], [1, 0, 0, 0, 1, 0, 0, 0, 1, 7, 5, 3]);
});

test("an invite link survives being taken apart", () => {
  const invite = {
    version: 1,
    room: Buffer.alloc(16, 1),
    secret: Buffer.alloc(16, 2),
    dealerKey: Buffer.alloc(32, 3),
    parties: 3,
    program: "photo",
    expires: 1_800_000_000,
    dealerUrl: "ws://127.0.0.1:9/dealer",
    ownership: OWNERLESS,
  };
  const link = writeInvite("http://127.0.0.1:8", invite);
  assert.deepEqual(readInvite(link), invite);
  assert.equal(readInvite(alteredLink(link, { expires: 5 })).expires, 5);
  assert.throws(() => readInvite(`${link.slice(0, -9)}AAAAAAAAA`), /checksum/);
});

test("a tab's console error is noticed, an expected one is not", async (t) => {
  const browser = await Browser.start();
  t.after(() => browser.stop());
  const tab = await browser.tab("tab");
  tab.expectErrors(/expected/);
  await tab.page.evaluate(() => {
    console.error("expected");
    console.error("a surprise");
    console.log("no error");
  });
  assert.deepEqual(await browser.closeTabs(), ["tab: a surprise"]);
});
