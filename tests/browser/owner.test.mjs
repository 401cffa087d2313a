// The one who made a room: a link for each role, removing somebody, closing the room.
import assert from "node:assert/strict";
import { test } from "node:test";
import { everyoneSealed, trouble } from "./lib/room.mjs";
import { browser, services, stage } from "./lib/stage.mjs";
import { expectVisible } from "./lib/wait.mjs";

const SOON = 10_000;
const LONG = { timeout: 120_000 };

stage("owner");

/** A tab that has opened the link of one role, and joins by it. */
async function enter(name, link) {
  const tab = await browser.tab(name);
  await tab.page.goto(link);
  await joinAs(tab, name);
  return tab;
}

async function joinAs(tab, name) {
  // The link says the role: there is nothing to choose.
  await expectVisible(tab.page.locator(".role"));
  await tab.page.waitForFunction(() => document.querySelectorAll(".role").length === 1);
  await tab.by("join-name").fill(name);
  await tab.by("join-button").click();
}

test("a link per role; somebody is removed; the room is closed", LONG, async () => {
  const maker = await browser.tab("maker");
  await maker.page.goto(`${services.origin}/`);
  await maker.by("links-each").check({ force: true });
  await maker.by("create-room").click();
  await joinAs(maker, "Ada");
  const link = await maker.by("share-link-adjust").inputValue();

  const adjuster = await enter("Ben", link);
  for (const tab of [maker, adjuster]) await everyoneSealed(tab, 2);
  assert.equal(await adjuster.by("remove-member").count(), 0);
  await maker.screenshot("owner-two-sealed");

  // A link of one's own is no invite for others, even while a place is free.
  await maker.by("leave").click();
  await expectVisible(adjuster.by("free-seat"));
  assert.equal(await adjuster.by("share-link").count(), 0);
  await joinAs(maker, "Ada");
  for (const tab of [maker, adjuster]) await everyoneSealed(tab, 2);

  // A second person by the same link finds it in use.
  const second = await enter("Mallory", link);
  await trouble(second, "not-invited", SOON);

  await maker.by("remove-member").click();
  await trouble(adjuster, "revoked", SOON);
  const back = await enter("Ben again", link);
  await trouble(back, "revoked", SOON);

  await maker.page.reload();
  await joinAs(maker, "Ada");
  await maker.by("close-room").click();
  await expectVisible(maker.by("close-room-question"));
  await maker.screenshot("owner-close-room");
  await maker.by("close-room-keep").click();
  await maker.by("close-room").click();
  await maker.by("close-room-confirm").click();
  await trouble(maker, "room-closed", SOON);
  const late = await enter("late", maker.page.url());
  await trouble(late, "room-closed", SOON);
});
