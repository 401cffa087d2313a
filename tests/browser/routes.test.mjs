// Which way messages take: directly, through the relay, and from one to the other in the middle of a run.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { keep } from "./lib/artifacts.mjs";
import { NARROW } from "./lib/browser.mjs";
import { difference } from "./lib/picture.mjs";
import { joinNatively, Services } from "./lib/processes.mjs";
import { FAR, INTO_THE_RUN } from "./lib/recorder.mjs";
import { bringPhoto, createRoom, done, everyoneSealed, join, openAndJoin, pixels, running, setAdjustment } from "./lib/room.mjs";
import { ADJUST, expected, FILE, FILTER, PRESET } from "./lib/sample.mjs";
import { browser, services, siteWith, stage } from "./lib/stage.mjs";
import { expectVisible } from "./lib/wait.mjs";

const EXPECTED = expected();
const LONG = { timeout: 180_000 };
/** Services whose site is the package and nothing else. */
let bare;

const site = siteWith("tests/browser/lib/routes-page.mjs", "web/public/sample.png");
stage("routes");

before(async () => {
  bare = await Services.start("routes-package", { site });
});

afterEach(() => bare.letPass());

after(() => bare?.stop());

/** Remembers every connection that the page makes. */
function rememberPeers() {
  const peers = [];
  window.peers = peers;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given);
      peers.push(this);
    }
  };
}

async function tabOf(name, options) {
  const tab = await browser.tab(name, options);
  await tab.page.addInitScript(rememberPeers);
  return tab;
}

/** Calls a function of the page's module. */
function on(tab, name, ...given) {
  return tab.page.evaluate(
    async ([name, given]) => (await import("/routes-page.mjs"))[name](...given),
    [name, given],
  );
}

/** Two pages with the package in a room of two. */
async function pair(route) {
  const tabs = [await tabOf("Ada"), await tabOf("Ben")];
  await Promise.all(tabs.map((tab) => tab.page.goto(bare.origin)));
  const link = await on(tabs[0], "open", 2);
  await Promise.all(tabs.map((tab, at) => on(tab, "enter", link, tab.name, ["photo", "adjust"][at], route)));
  return tabs;
}

async function runBetween([owner, adjuster]) {
  await Promise.all([on(owner, "bring", "/sample.png"), on(adjuster, "adjust", { ...ADJUST, filter: FILTER })]);
}

async function assertRight([owner, adjuster]) {
  const [result] = await Promise.all([on(owner, "finished"), on(adjuster, "finished")]);
  const { width, height, data } = result;
  const apart = difference({ width, height, data: Buffer.from(data, "base64") }, EXPECTED);
  assert.ok(apart.largest <= 1, `${apart.largest} levels`);
  return result.stats;
}

function peersOf(tab) {
  return tab.page.evaluate(() => window.peers.length);
}

test("two tabs directly: the relay carries what makes the connection, and nothing of the run", LONG, async (t) => {
  const tabs = await pair("direct");
  await Promise.all([on(tabs[0], "untilWay", "Ben", "direct"), on(tabs[1], "untilWay", "Ada", "direct")]);
  const before = bare.relayRecorder.bytes;
  await runBetween(tabs);
  const stats = await assertRight(tabs);
  const carried = bare.relayRecorder.bytes - before;
  t.diagnostic(`${carried} bytes through the relay, ${stats.bytes} from the owner to its peer, ${stats.seconds} s`);
  assert.ok(carried < stats.bytes / 20, `${carried} bytes through the relay`);
});

test("two tabs through the relay alone: no connection between them is ever tried", LONG, async () => {
  const tabs = await pair("relay");
  await runBetween(tabs);
  const before = bare.relayRecorder.bytes;
  const stats = await assertRight(tabs);
  assert.ok(bare.relayRecorder.bytes - before > stats.bytes);
  assert.deepEqual(await on(tabs[0], "waysTo", "Ben"), ["relay"]);
  for (const tab of tabs) assert.equal(await peersOf(tab), 0);
});

test("one that wants the relay alone is reached that way by one that does not care", LONG, async () => {
  const tabs = [await tabOf("Ada"), await tabOf("Ben")];
  await Promise.all(tabs.map((tab) => tab.page.goto(bare.origin)));
  const link = await on(tabs[0], "open", 2);
  await Promise.all([on(tabs[0], "enter", link, "Ada", "photo", "relay"), on(tabs[1], "enter", link, "Ben", "adjust", "best")]);
  await runBetween(tabs);
  await assertRight(tabs);
  for (const tab of tabs) assert.equal(await peersOf(tab), 0);
});

test("the direct connection dies in mid-run: the relay takes over, the result is right", LONG, async () => {
  bare.relayRecorder.slow(FAR);
  const tabs = await pair("best");
  await Promise.all([on(tabs[0], "untilWay", "Ben", "direct"), on(tabs[1], "untilWay", "Ada", "direct")]);
  const held = bare.dealerRecorder.holdAfter(INTO_THE_RUN);
  await runBetween(tabs);
  await held;
  await on(tabs[0], "breakDirect");
  await Promise.all([on(tabs[0], "untilWay", "Ben", "relay"), on(tabs[1], "untilWay", "Ada", "relay")]);
  bare.dealerRecorder.release();
  await assertRight(tabs);
});

test("the only connection dies in mid-run: another one is made, the result is right", LONG, async () => {
  const tabs = await pair("direct");
  await Promise.all([on(tabs[0], "untilWay", "Ben", "direct"), on(tabs[1], "untilWay", "Ada", "direct")]);
  const held = bare.dealerRecorder.holdAfter(INTO_THE_RUN);
  await runBetween(tabs);
  await held;
  await on(tabs[1], "breakDirect");
  bare.dealerRecorder.release();
  await assertRight(tabs);
  assert.ok((await peersOf(tabs[1])) >= 1, "made anew");
});

test("fifty times two tabs enter, are connected, and leave", { timeout: 300_000 }, async () => {
  const tabs = [await tabOf("Ada"), await tabOf("Ben")];
  await Promise.all(tabs.map((tab) => tab.page.goto(bare.origin)));
  for (let run = 0; run < 50; run += 1) {
    const link = await on(tabs[0], "open", 2);
    await Promise.all(tabs.map((tab, at) => on(tab, "enter", link, tab.name, ["photo", "adjust"][at], "direct")));
    await Promise.all([on(tabs[0], "untilWay", "Ben", "direct"), on(tabs[1], "untilWay", "Ada", "direct")]);
    for (const tab of run % 2 ? tabs : tabs.toReversed()) await on(tab, "leave");
  }
  for (const tab of tabs) {
    // Whoever leaves closes its connection, and the other side hears of it.
    await tab.page.waitForFunction(() => window.peers.every(({ connectionState }) => connectionState === "closed"));
    assert.equal(await peersOf(tab), 50);
  }
});

test("two tabs and a native party: the page shows which way each link takes", LONG, async () => {
  services.relayRecorder.slow(FAR);
  const owner = await tabOf("owner");
  const adjuster = await tabOf("adjuster", { viewport: NARROW });
  const link = await createRoom(owner, services.origin, 3);
  await join(owner, "Ada", "photo");
  await openAndJoin(adjuster, link, "Ben", "adjust");
  const helper = joinNatively(link, "Cleo");
  for (const tab of [owner, adjuster]) await everyoneSealed(tab, 3);
  await expectVisible(member(owner, "adjust", "direct"));
  await expectVisible(member(adjuster, "photo", "direct"));
  for (const tab of [owner, adjuster]) await expectVisible(member(tab, "help", "direct"));
  assert.equal(await member(owner, "adjust", "direct").getByTestId("member-path").innerText(), "direct");
  await owner.screenshot("routes-lobby-wide");
  await adjuster.screenshot("routes-lobby-narrow");

  const held = services.dealerRecorder.holdAfter(INTO_THE_RUN);
  await Promise.all([bringPhoto(owner, FILE), setAdjustment(adjuster, ADJUST, PRESET)]);
  await Promise.all([running(owner), running(adjuster), held]);
  await owner.screenshot("routes-run-wide");
  await adjuster.screenshot("routes-run-narrow");
  services.dealerRecorder.release();
  await Promise.all([done(owner, 120_000), done(adjuster, 120_000)]);
  assert.ok(difference(await pixels(owner, "result-canvas"), EXPECTED).largest <= 1);
  assert.equal(await helper.ended, 0, helper.output);
});

test("a person who chooses the relay alone is connected with nobody directly", LONG, async () => {
  const owner = await tabOf("owner");
  const adjuster = await tabOf("adjuster");
  const link = await createRoom(owner, services.origin, 2);
  await join(owner, "Ada", "photo", "relay");
  await openAndJoin(adjuster, link, "Ben", "adjust");
  for (const tab of [owner, adjuster]) await everyoneSealed(tab, 2);
  await Promise.all([bringPhoto(owner, FILE), setAdjustment(adjuster, ADJUST, PRESET)]);
  await Promise.all([done(owner, 60_000), done(adjuster, 60_000)]);
  await expectVisible(member(owner, "adjust", "relay"));
  for (const tab of [owner, adjuster]) assert.equal(await peersOf(tab), 0);
});

for (const route of ["relay", "direct"]) {
  test(`how long a run takes: ${route}`, LONG, async (t) => {
    const tabs = await pair(route);
    if (route === "direct") await Promise.all([on(tabs[0], "untilWay", "Ben", route), on(tabs[1], "untilWay", "Ada", route)]);
    await runBetween(tabs);
    const stats = await assertRight(tabs);
    t.diagnostic(JSON.stringify(stats));
    keep(`routes-${route}.json`, JSON.stringify(stats));
  });
}

function member(tab, role, way) {
  return tab.page.locator(`[data-testid="member"][data-role="${role}"][data-path="${way}"]`);
}
