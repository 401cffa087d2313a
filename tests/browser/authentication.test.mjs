// Whom people talk to: equal words on every screen, keys that outlive a visit, and a warning when one has changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, WIDE } from "./lib/browser.mjs";
import { joinNatively } from "./lib/processes.mjs";
import { createRoom, everyoneSealed, join, meet, openAndJoin } from "./lib/room.mjs";
import { browser, services, stage } from "./lib/stage.mjs";
import { expectVisible } from "./lib/wait.mjs";

const LONG = { timeout: 120_000 };

stage("authentication");

async function words(tab) {
  await expectVisible(tab.by("compare-words"));
  const spoken = (await tab.by("compare-words").textContent()).trim();
  return { spoken, drawn: (await tab.by("compare-emoji").textContent()).trim() };
}

/** The fingerprints in the lobby, this tab's own first. */
async function fingerprints(tab) {
  const own = tab.page.locator('[data-testid="member"][data-you="true"]').getByTestId("fingerprint");
  const others = tab.page.locator('[data-testid="member"][data-you="false"]').getByTestId("fingerprint");
  return [await own.textContent(), ...(await others.allTextContents())];
}

test("two tabs and a native party see the same words", LONG, async () => {
  for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    const ada = await browser.tab("ada", { viewport });
    const ben = await browser.tab("ben", { viewport, colorScheme: "dark" });
    const link = await createRoom(ada, services.origin, 3);
    await join(ada, "Ada", "photo");
    await openAndJoin(ben, link, "Ben", "adjust");
    await expectVisible(ben.by("free-seat"));
    assert.equal(await ben.by("compare").count(), 0, "nothing to compare before everyone is here");
    const cleo = joinNatively(link, "Cleo");
    const [first, second] = [await words(ada), await words(ben)];
    assert.match(first.spoken, /^([a-z-]+ ){3}[a-z-]+$/);
    assert.deepEqual(first, second);
    await cleo.says(new RegExp(`"type":"authentication","words":"${first.spoken}"`));
    await ada.screenshot(`authentication-${size}`);

    await ada.by("compare-match").click();
    await expectVisible(ada.by("compare-done"));
    assert.equal(await ada.by("verified").count(), 2);
    assert.equal(await ben.by("verified").count(), 0, "each compares for himself");
    await ada.screenshot(`authentication-${size}-verified`);
    await ben.screenshot(`authentication-${size}-dark`);
    await Promise.all([cleo.stop(), ada.close(), ben.close()]);
  }
});

test("two tabs of one browser are two parties", LONG, async () => {
  const ada = await browser.tab("ada");
  const ben = browser.adopt("ben", await ada.page.context().newPage());
  await meet(services.origin, ada, ben);
  assert.deepEqual(await words(ada), await words(ben));
  const [own, other] = await fingerprints(ada);
  assert.notEqual(own, other);
  assert.deepEqual(await fingerprints(ben), [other, own]);
  // Each is the same after a reload, whichever comes first.
  for (const tab of [ben, ada]) await tab.page.reload();
  await join(ben, "Ben", "adjust");
  await join(ada, "Ada", "photo");
  for (const tab of [ada, ben]) await everyoneSealed(tab, 2);
  assert.deepEqual(await fingerprints(ada), [own, other]);
});

test("a browser is known again by its key, and a changed key is flagged", LONG, async () => {
  const ada = await browser.tab("ada");
  const ben = await browser.tab("ben");
  await meet(services.origin, ada, ben);
  const first = await fingerprints(ada);
  await words(ada);
  await ada.by("compare-match").click();
  await expectVisible(ada.by("verified"));

  // In another room, in new tabs of the same browsers.
  const [adaAgain, benAgain] = await Promise.all([anew(ada), anew(ben)]);
  await meet(services.origin, adaAgain, benAgain);
  assert.deepEqual(await fingerprints(adaAgain), first);
  await expectVisible(adaAgain.by("verified"));
  assert.equal(await adaAgain.by("changed-key").count(), 0);

  // Someone else comes as Ben.
  const [adaOnceMore, other] = [await anew(adaAgain), await browser.tab("other")];
  await meet(services.origin, adaOnceMore, other);
  await expectVisible(adaOnceMore.by("changed-key"));
  assert.equal(await adaOnceMore.by("verified").count(), 0);
  await adaOnceMore.by("sample-button").click();
  await adaOnceMore.by("ready-button").click();
  await other.by("ready-button").click();
  await expectVisible(adaOnceMore.by("ready-status").getByText("The key of Ben has changed"));
  await adaOnceMore.screenshot("authentication-changed-key");
  await adaOnceMore.by("accept-key").click();
  await adaOnceMore.by("changed-key").waitFor({ state: "detached" });
  await expectVisible(adaOnceMore.page.locator('[data-stage="running"], [data-stage="done"]'));
});

/** A new tab of the same browser, instead of the old one. */
async function anew(tab) {
  const page = await tab.page.context().newPage();
  await tab.close();
  return browser.adopt(tab.name, page);
}
