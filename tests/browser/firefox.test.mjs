// Firefox has an engine of its own: two of its windows adjust a photograph, and the result is that of the clear
// computation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { keep } from "./lib/artifacts.mjs";
import { Window } from "./lib/firefox.mjs";
import { difference, encodePng } from "./lib/picture.mjs";
import { Services } from "./lib/processes.mjs";
import { ADJUST, expected, FILE, PHOTO, PRESET } from "./lib/sample.mjs";

let services;
const windows = [];

before(async () => {
  services = await Services.start("firefox");
});

after(async () => {
  await Promise.all(windows.map((window) => window.close()));
  await services?.stop();
});

async function window(name) {
  const opened = await Window.open(name);
  windows.push(opened);
  return opened;
}

async function join(window, name, role) {
  await window.fill("join-name", name);
  await window.click(`join-role-${role}`);
  await window.click("join-button");
}

test("a 512x512 photo, adjusted by two Firefox windows", { timeout: 240_000 }, async (t) => {
  const owner = await window("owner");
  await owner.goto(`${services.origin}/`);
  await owner.click("party-count-2");
  await owner.click("create-room");
  await owner.by("join-button");
  const link = await owner.url();
  await join(owner, "Ada", "photo");
  const adjuster = await window("adjuster");
  await adjuster.goto(link);
  await join(adjuster, "Ben", "adjust");
  for (const one of [owner, adjuster]) await one.by("dealer", '[data-state="sealed"]');

  await owner.fill("file-input", FILE);
  await owner.by("input-canvas");
  await owner.click("ready-button");
  for (const [name, value] of Object.entries(ADJUST)) await adjuster.slide(`slider-${name}`, value);
  await adjuster.click(`filter-preset-${PRESET}`);
  const start = performance.now();
  await adjuster.click("ready-button");
  for (const one of [owner, adjuster]) await one.by("stage", '[data-stage="done"]', 180_000);
  t.diagnostic(`${((performance.now() - start) / 1000).toFixed(1)} s`);

  const result = await owner.pixels("result-canvas");
  keep("firefox-result.png", encodePng(result));
  const apart = difference(result, expected());
  assert.ok(apart.largest <= 1, `${apart.largest} levels`);
  assert.ok(difference(result, PHOTO).largest > 50, "the adjustment changed nothing");
  assert.equal(await adjuster.count("result-canvas"), 0);
});
