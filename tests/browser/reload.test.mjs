// A tab that is reloaded goes on with the session that it was in; the others notice a pause, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "./lib/picture.mjs";
import { INTO_THE_RUN } from "./lib/recorder.mjs";
import { bringPhoto, createRoom, done, everyoneSealed, join, openAndJoin, pixels, running, setAdjustment } from "./lib/room.mjs";
import { ADJUST, expected, FILE, PRESET } from "./lib/sample.mjs";
import { browser, services, stage } from "./lib/stage.mjs";
import { expectVisible } from "./lib/wait.mjs";

const LONG = { timeout: 180_000 };
const EXPECTED = expected();

stage("reload");

/** Ada, Ben and perhaps more, who help, sealed and ready to say what they bring. */
async function meet(parties, route) {
  const names = ["Ada", "Ben", "Cleo"].slice(0, parties);
  const tabs = [];
  for (const name of names) tabs.push(await browser.tab(name));
  const [ada, ben, ...helpers] = tabs;
  const link = await createRoom(ada, services.origin, parties);
  await join(ada, "Ada", "photo", route);
  await openAndJoin(ben, link, "Ben", "adjust", route);
  for (const helper of helpers) await openAndJoin(helper, link, helper.name, "help", route);
  for (const tab of tabs) await everyoneSealed(tab, parties);
  return { ada, ben, tabs };
}

/** Begins a run; its middle is when the dealer is heard no more. */
async function begin({ ada, ben, tabs }) {
  const middle = services.dealerRecorder.holdAfter(INTO_THE_RUN);
  await Promise.all([bringPhoto(ada, FILE), setAdjustment(ben, ADJUST, PRESET)]);
  await Promise.all(tabs.map((tab) => running(tab)));
  await middle;
}

async function finish({ ada, tabs }) {
  services.dealerRecorder.release();
  await Promise.all(tabs.map((tab) => done(tab, 90_000)));
  const apart = difference(await pixels(ada, "result-canvas"), EXPECTED);
  assert.ok(apart.largest <= 1, `${apart.largest} levels`);
}

for (const who of ["ada", "ben"]) {
  for (const route of ["relay", "best"]) {
    test(`${who} reloads in the middle of a run, by ${route}`, LONG, async () => {
      const room = await meet(2, route);
      await begin(room);
      await room[who].page.reload();
      await running(room[who]);
      await room[who].screenshot(`reload-${who}`);
      await finish(room);
    });
  }
}

test("all three reload, one after the other and two at once", LONG, async () => {
  const room = await meet(3, "relay");
  await begin(room);
  const [ada, ben, cleo] = room.tabs;
  await ben.page.reload();
  await running(ben);
  await Promise.all([ada.page.reload(), cleo.page.reload()]);
  await Promise.all([running(ada), running(cleo)]);
  await finish(room);
});

test("a tab that is reloaded after a run shows its result again, and takes part in the next", LONG, async () => {
  const room = await meet(2, "relay");
  const { ada, ben } = room;
  await begin(room);
  await finish(room);
  await ada.page.reload();
  await done(ada, 60_000);
  assert.ok(difference(await pixels(ada, "result-canvas"), EXPECTED).largest <= 1);
  for (const tab of [ada, ben]) await tab.by("run-again").click();
  await Promise.all([bringPhoto(ada, FILE), setAdjustment(ben, { ...ADJUST, brightness: -20 }, PRESET)]);
  await Promise.all([done(ada, 60_000), done(ben, 60_000)]);
  const apart = difference(await pixels(ada, "result-canvas"), EXPECTED);
  assert.ok(apart.largest > 10, "the second adjustment");
});

test("a tab that is reloaded in the lobby is there again; one that has left is at the door", LONG, async () => {
  const { ada, ben } = await meet(2, "relay");
  await ben.page.reload();
  for (const tab of [ada, ben]) await everyoneSealed(tab, 2);
  await expectVisible(ben.by("ready-button"));
  assert.ok((await kept(ben)) > 0);
  await ben.by("leave").click();
  await expectVisible(ada.by("free-seat"), 5_000);
  assert.equal(await kept(ben), 0, "the goodbye leaves after the journal has gone");
  await ben.page.reload();
  await expectVisible(ben.by("join-button"));
});

/** How many entries and values the tab's browser keeps of sessions. */
function kept(tab) {
  return tab.page.evaluate(async () => {
    const done = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("cryptab"));
    const keys = await done(database.transaction("journals").objectStore("journals").getAllKeys());
    database.close();
    return keys.filter(([, kind]) => kind !== "begun").length;
  });
}
