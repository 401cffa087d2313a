// What goes wrong, each with a clear word on the page within ten seconds, and a way to start again.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { artifact } from "./lib/artifacts.mjs";
import { alteredLink, OWNERLESS } from "./lib/invite.mjs";
import { greyPng } from "./lib/picture.mjs";
import { joinNatively } from "./lib/processes.mjs";
import { FAR, INTO_THE_RUN } from "./lib/recorder.mjs";
import {
  bringPhoto,
  choosePhoto,
  createRoom,
  done,
  everyoneSealed,
  join,
  meet,
  openAndJoin,
  running,
  setAdjustment,
  startAgain,
  trouble,
} from "./lib/room.mjs";
import { ADJUST, FILE, PRESET } from "./lib/sample.mjs";
import { browser, services, stage } from "./lib/stage.mjs";
import { expectVisible } from "./lib/wait.mjs";

const SOON = 10_000;
const LONG = { timeout: 180_000 };
const LOST_SOCKET = /WebSocket|ERR_CONNECTION|ERR_EMPTY_RESPONSE/;

stage("faults");

/** Two tabs in a room of two, sealed, neither of them ready. */
async function pair(route) {
  const owner = await browser.tab("owner");
  const adjuster = await browser.tab("adjuster");
  return { owner, adjuster, link: await meet(services.origin, owner, adjuster, route) };
}

async function runThrough({ owner, adjuster }) {
  await Promise.all([bringPhoto(owner, FILE), setAdjustment(adjuster, ADJUST, PRESET)]);
  await Promise.all([done(owner, 60_000), done(adjuster, 60_000)]);
}

/** Starts a run and holds it in its middle: all messages pass but the dealer's. */
async function holdMidRun({ owner, adjuster }) {
  const held = services.dealerRecorder.holdAfter(INTO_THE_RUN);
  await Promise.all([bringPhoto(owner, FILE), setAdjustment(adjuster, ADJUST, PRESET)]);
  await Promise.all([running(owner), running(adjuster)]);
  await held;
}

test("a malformed link", async () => {
  const { link } = await roomOfTwo();
  const tab = await browser.tab("visitor");
  for (const bad of [`${services.origin}/#not-an-invite`, `${link.slice(0, -3)}AAA`, link.slice(0, -5)]) {
    await tab.page.goto("about:blank");
    await tab.page.goto(bad);
    await tab.by("join-name").or(tab.by("error")).first().waitFor({ timeout: SOON });
    if (await tab.by("join-name").isVisible()) await join(tab, "Vera", "help");
    await trouble(tab, "bad-link", SOON);
  }
  await tab.screenshot("fault-bad-link");
  await startAgain(tab);
  await expectVisible(tab.by("create-room"));
});

test("an expired link", async () => {
  const { link } = await roomOfTwo();
  const tab = await browser.tab("visitor");
  await openAndJoin(tab, alteredLink(link, { expires: Math.floor(Date.now() / 1000) - 60, ownership: OWNERLESS }), "Vera", "help");
  await trouble(tab, "expired-link", SOON);
  await tab.screenshot("fault-expired-link");
});

test("a full room", LONG, async () => {
  const both = await pair();
  const third = await browser.tab("third");
  await openAndJoin(third, both.link, "Cleo", "help");
  await trouble(third, "room-full", SOON);
  await third.screenshot("fault-room-full");
  await runThrough(both);
});

test("a second tab on one identity", LONG, async () => {
  const both = await pair();
  const opened = both.owner.page.waitForEvent("popup");
  await both.owner.page.evaluate(() => void window.open(location.href));
  const second = browser.adopt("second", await opened);
  await second.page.waitForLoadState();
  await trouble(second, "second-tab", SOON);
  await second.screenshot("fault-second-tab");
  await second.close();
  await runThrough(both);
});

test("parties that run different programs", LONG, async () => {
  const owner = await browser.tab("owner");
  const adjuster = await browser.tab("adjuster");
  const link = await createRoom(owner, services.origin, 2);
  await join(owner, "Ada", "photo");
  await openAndJoin(adjuster, alteredLink(link, { program: "tensor" }), "Ben", "adjust");
  await Promise.all([trouble(owner, "different-programs", SOON), trouble(adjuster, "different-programs", SOON)]);
  await owner.screenshot("fault-different-programs");
});

test("a file that is not an image", async () => {
  const { owner } = await pair();
  const files = { text: Buffer.from("this is no picture"), cut: greyPng(64, 64).subarray(0, 60) };
  for (const [name, bytes] of Object.entries(files)) {
    const file = artifact(`${name}.png`);
    writeFileSync(file, bytes);
    await owner.by("file-input").setInputFiles(file);
    await trouble(owner, "not-an-image", SOON);
    await owner.screenshot(`fault-not-an-image-${name}`);
    await startAgain(owner);
  }
  await bringPhoto(owner, FILE);
});

test("an image of 40 megapixels is scaled down, said aloud, and adjusted", LONG, async () => {
  const { owner, adjuster } = await pair();
  const file = artifact("40-megapixels.png");
  writeFileSync(file, greyPng(8_000, 5_000));
  await choosePhoto(owner, file);
  const note = await owner.by("size-note").innerText();
  assert.match(note, /8000 × 5000.*scaled down to 1024 × 640/);
  await owner.screenshot("fault-40-megapixels");
  await owner.by("ready-button").click();
  await setAdjustment(adjuster, ADJUST, "none");
  await Promise.all([done(owner, 120_000), done(adjuster, 120_000)]);
  const size = await owner.by("result-canvas").evaluate(({ width, height }) => [width, height]);
  assert.deepEqual(size, [1024, 640]);
});

test("a tab closed in mid-run: the others wait, until someone else takes its place", LONG, async () => {
  const owner = await browser.tab("owner");
  const adjuster = await browser.tab("adjuster");
  const link = await createRoom(owner, services.origin, 3);
  await join(owner, "Ada", "photo");
  await openAndJoin(adjuster, link, "Ben", "adjust");
  let helper = joinNatively(link, "Cleo");
  for (const tab of [owner, adjuster]) await everyoneSealed(tab, 3);
  await holdMidRun({ owner, adjuster });
  const { page } = adjuster;
  const again = browser.adopt("adjuster again", await page.context().newPage());
  await page.close();
  services.dealerRecorder.release();
  await expectVisible(owner.page.getByText("Ben is away").first(), SOON);
  await expectVisible(owner.page.locator('[data-testid="member"][data-away="true"]'), SOON);
  await owner.screenshot("fault-tab-away");

  // Opened again in the same browser, which still has its key: its place in the room is kept for it.
  await openAndJoin(again, link, "Ben", "adjust");
  // The owner notices it, or the native party did and says so.
  await trouble(owner, ["peer-left", "given-up"], SOON);
  assert.match(await owner.by("error").innerText(), /Ben/);
  const code = await Promise.race([helper.ended, late(SOON, "the native party still waits")]);
  assert.notEqual(code, 0);
  assert.match(helper.output, /Ben/);
  await owner.screenshot("fault-tab-closed");

  helper = joinNatively(link, "Dora");
  await startAgain(owner);
  for (const tab of [owner, again]) await everyoneSealed(tab, 3);
  await owner.by("ready-button").click();
  await setAdjustment(again, ADJUST, PRESET);
  await Promise.all([done(owner, 60_000), done(again, 60_000)]);
  assert.equal(await helper.ended, 0, helper.output);
});

test("the dealer gone in mid-run, and back: the run goes on", LONG, async () => {
  const both = await pair();
  await holdMidRun(both);
  await services.dealer.stop("SIGKILL");
  services.dealerRecorder.release();
  for (const tab of [both.owner, both.adjuster]) {
    tab.expectErrors(LOST_SOCKET);
    await expectVisible(tab.page.locator('[data-testid="dealer"][data-state="lost"]'), SOON);
  }
  await both.owner.screenshot("fault-dealer-lost");
  await services.startDealer();
  await Promise.all([done(both.owner, 60_000), done(both.adjuster, 60_000)]);
});

test("the relay gone in mid-run, and back: the run goes on", LONG, async () => {
  const both = await pair("relay");
  await holdMidRun(both);
  await services.relay.stop("SIGKILL");
  services.dealerRecorder.release();
  for (const tab of [both.owner, both.adjuster]) {
    tab.expectErrors(LOST_SOCKET);
    await expectVisible(tab.by("offline"), SOON);
    await expectVisible(tab.page.getByText("The relay cannot be reached").first(), SOON);
  }
  await both.owner.screenshot("fault-relay-lost");
  await services.startRelay();
  await Promise.all([done(both.owner, 60_000), done(both.adjuster, 60_000)]);
});

test("the relay gone for good in mid-run: tabs that are connected directly finish", LONG, async () => {
  services.relayRecorder.slow(FAR);
  const both = await pair();
  for (const tab of [both.owner, both.adjuster]) {
    await expectVisible(tab.page.locator('[data-testid="member"][data-path="direct"]'));
    tab.expectErrors(LOST_SOCKET);
  }
  await holdMidRun(both);
  await services.relay.stop("SIGKILL");
  for (const tab of [both.owner, both.adjuster]) await expectVisible(tab.by("offline"), SOON);
  services.dealerRecorder.release();
  await Promise.all([done(both.owner, 60_000), done(both.adjuster, 60_000)]);
  await services.startRelay();
});

/** A room that its maker has not joined. */
async function roomOfTwo() {
  return { link: await createRoom(await browser.tab("maker"), services.origin, 2) };
}

function late(within, complaint) {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(complaint)), within).unref();
  });
}
