// Direct connections by themselves: two tabs, a data channel between their Workers, no engine.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keep } from "./lib/artifacts.mjs";
import { Pair } from "./lib/pair.mjs";
import { browser, services, siteWith, stage } from "./lib/stage.mjs";

const PACKET = 60_000;
const LONG = { timeout: 120_000 };

stage("direct", { site: siteWith("tests/browser/lib/direct-page.mjs", "tests/browser/lib/direct-worker.mjs") });

/** As in browsers that keep a data channel on the page. */
function keepChannelsHere() {
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (message, transfer = []) {
    if (transfer.some((given) => given instanceof RTCDataChannel))
      throw new DOMException("a channel cannot be handed over", "DataCloneError");
    post.call(this, message, transfer);
  };
}

for (const [way, prepare, kind] of [
  ["a channel in the Worker", undefined, "RTCDataChannel"],
  ["a channel that stays on the page", keepChannelsHere, "PortChannel"],
]) {
  test(`${way}: both directions at once, all in order`, LONG, async (t) => {
    const pair = await Pair.open(browser, services.origin, prepare);
    const opened = await pair.join();
    assert.deepEqual(
      opened.map((told) => told.kind),
      [kind, kind],
    );
    await pair.both("exchange", 500, PACKET, 500);
    for (const tally of await pair.both("tally")) {
      assert.deepEqual(tally, { inOrder: true, packets: 500, bytes: 500 * PACKET });
    }

    const answer = pair.on(1, "until", { happened: "came", number: 999 });
    const start = performance.now();
    await pair.on(0, "order", "send", { count: 1_000, size: PACKET });
    await answer;
    const rate = (1_000 * PACKET) / 2 ** 20 / ((performance.now() - start) / 1000);
    t.diagnostic(`${rate.toFixed(1)} MiB/s one way`);
    keep(`direct-${kind}.json`, JSON.stringify({ mebibytesPerSecond: rate }));

    await pair.on(0, "order", "close");
    await pair.on(1, "until", { happened: "closed" });
  });
}

test("fifty connections one after the other", { timeout: 180_000 }, async () => {
  const pair = await Pair.open(browser, services.origin);
  for (let run = 0; run < 50; run += 1) {
    await pair.join();
    await pair.both("exchange", 1, 100, 1);
    const leaver = run % 2;
    await pair.on(leaver, "order", "close");
    await pair.on(1 - leaver, "until", { happened: "closed" });
    await pair.on(1 - leaver, "order", "close");
  }
});

test("what was sent before the end arrives", LONG, async () => {
  const pair = await Pair.open(browser, services.origin);
  for (let run = 0; run < 5; run += 1) {
    await pair.join();
    await pair.on(0, "order", "send", { count: 10, size: PACKET });
    await pair.on(0, "order", "close");
    await pair.on(1, "until", { happened: "closed" });
    assert.deepEqual(await pair.on(1, "tally"), { inOrder: true, packets: 10, bytes: 10 * PACKET });
    await pair.on(1, "order", "close");
  }
});

test("a page that goes away, and one that closes all", LONG, async () => {
  const pair = await Pair.open(browser, services.origin);
  await pair.join();
  pair.carries = false;
  await pair.tabs[0].page.goto("about:blank");
  await pair.on(1, "until", { happened: "closed" });

  const other = await Pair.open(browser, services.origin);
  await other.join();
  await other.on(1, "closeAll");
  await other.on(0, "until", { happened: "closed" });
  await other.on(1, "until", { happened: "failed" });
});

test("a side that never answers: the other one gives up, and says why", LONG, async () => {
  const pair = await Pair.open(browser, services.origin);
  const { page } = pair.tabs[0];
  await page.clock.install();
  await page.reload();
  pair.carries = false;
  const offered = new Promise((resolve) => {
    pair.onSignal = resolve;
  });
  await pair.on(0, "order", "connect", { offers: true });
  await offered;
  const failed = pair.on(0, "until", { happened: "failed" });
  await page.clock.fastForward(21_000);
  assert.match((await failed).reason, /in time/);
});

test("what is no signal ends the connection on the side that heard it", LONG, async () => {
  const pair = await Pair.open(browser, services.origin);
  const refused = [
    ["nonsense", /no JSON/],
    ['{"type":"answer","sdp":"v=0\\r\\nm=application 9 x y\\r\\n"}', /nobody waits/],
    ['{"type":"offer","sdp":"v=0\\r\\nm=audio 9 x 0\\r\\n"}', /data channels alone/],
    ['{"type":"offer","sdp":"v=0\\r\\nm=application 9 x y\\r\\n"}', /./],
  ];
  for (const [signal, complaint] of refused) {
    await pair.on(1, "order", "connect", { offers: false });
    await pair.on(1, "signalIn", [...Buffer.from(signal)]);
    assert.match((await pair.on(1, "until", { happened: "failed" })).reason, complaint);
    await pair.on(1, "order", "close");
  }
});
