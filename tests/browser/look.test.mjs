// What the page looks like in a wide and a narrow window, light and dark; and that the keyboard alone is enough.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, WIDE } from "./lib/browser.mjs";
import { bringPhoto, createRoom, done, everyoneSealed, join, openAndJoin, running, setAdjustment } from "./lib/room.mjs";
import { ADJUST, FILE } from "./lib/sample.mjs";
import { browser, services, stage } from "./lib/stage.mjs";
import { expectVisible } from "./lib/wait.mjs";

stage("look");

for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every page, ${size} and ${colorScheme}`, { timeout: 120_000 }, async () => {
      const owner = await browser.tab("owner", { viewport, colorScheme });
      const adjuster = await browser.tab("adjuster", { viewport, colorScheme });
      const shot = async (tab, page) => {
        await tab.screenshot(`look-${page}-${size}-${colorScheme}`);
        await fitsItsWindow(tab, page);
      };
      await owner.page.goto(`${services.origin}/`);
      await expectVisible(owner.by("create-room"));
      await shot(owner, "front");
      const link = await createRoom(owner, services.origin, 2);
      await shot(owner, "door");
      await join(owner, "Ada", "photo");
      await expectVisible(owner.by("qr"));
      await shot(owner, "lobby");
      await openAndJoin(adjuster, link, "Ben", "adjust");
      await everyoneSealed(owner, 2);
      await shot(adjuster, "adjuster");
      const held = services.dealerRecorder.holdAfter(300_000);
      await Promise.all([bringPhoto(owner, FILE), setAdjustment(adjuster, ADJUST, "blur")]);
      await Promise.all([running(owner), held]);
      await shot(owner, "run");
      services.dealerRecorder.release();
      await Promise.all([done(owner, 60_000), done(adjuster, 60_000)]);
      await shot(owner, "result");
      await shot(adjuster, "result-adjuster");
    });
  }
}

test("a disabled button does not light up under the mouse", async () => {
  const owner = await browser.tab("owner", { reducedMotion: "reduce" });
  await createRoom(owner, services.origin, 2);
  await join(owner, "Ada", "photo");
  const button = owner.by("ready-button");
  await expectVisible(button);
  assert.ok(await button.isDisabled(), "there is no photo yet");
  const background = () => button.evaluate((node) => getComputedStyle(node).backgroundColor);
  const quiet = await background();
  await button.hover();
  assert.equal(await background(), quiet);
});

test("a whole session by keyboard alone", { timeout: 120_000 }, async () => {
  const owner = await browser.tab("owner");
  const adjuster = await browser.tab("adjuster");
  await owner.page.goto(`${services.origin}/`);
  await press(owner, "create-room", "Enter");
  await enterByKeyboard(owner, "Ada", "photo");
  await expectVisible(owner.by("share-link"));
  await adjuster.page.goto(await owner.by("share-link").inputValue());
  await enterByKeyboard(adjuster, "Ben", "adjust");
  await everyoneSealed(adjuster, 2);

  await press(owner, "sample-button", "Enter");
  await expectVisible(owner.by("input-canvas"));
  await press(owner, "ready-button", "Space");
  await press(adjuster, "slider-brightness", "ArrowRight");
  assert.equal(await adjuster.by("slider-brightness").inputValue(), "1");
  await walkTo(adjuster, "filter-preset-none");
  await adjuster.page.keyboard.press("ArrowRight");
  assert.ok(await adjuster.by("filter-preset-sharpen").isChecked());
  await press(adjuster, "ready-button", "Space");
  await Promise.all([done(owner, 60_000), done(adjuster, 60_000)]);

  await press(owner, "before-after", "ArrowRight");
  assert.equal(await owner.by("before-after").getAttribute("aria-valuenow"), "52");
  const download = owner.page.waitForEvent("download");
  await press(owner, "download", "Enter");
  await download;
});

async function enterByKeyboard(tab, name, role) {
  await walkTo(tab, "join-name");
  await tab.page.keyboard.type(name);
  await tab.page.keyboard.press("Tab");
  for (let step = 0; step < 3 && !(await tab.by(`join-role-${role}`).isChecked()); step += 1) {
    await tab.page.keyboard.press("ArrowDown");
  }
  await press(tab, "join-button", "Enter");
}

/** Presses Tab until the element has the focus. */
async function walkTo(tab, id) {
  await expectVisible(tab.by(id).first());
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const here = await tab.page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    if (here === id) return assertFocusSeen(tab, id);
    await tab.page.keyboard.press("Tab");
  }
  assert.fail(`${tab.name}: Tab does not lead to ${id}`);
}

async function press(tab, id, key) {
  await walkTo(tab, id);
  await tab.page.keyboard.press(key);
}

/** Whoever walks by keyboard must see where they are: without the focus, the same place looks different. */
async function assertFocusSeen(tab, id) {
  const element = tab.by(id);
  const focused = await surroundings(tab, element);
  await element.evaluate((node) => node.blur());
  const blurred = await surroundings(tab, element);
  await element.evaluate((node) => node.focus({ focusVisible: true, preventScroll: true }));
  assert.ok(!focused.equals(blurred), `${id} has the focus, but nothing shows it`);
}

/** A picture of an element, or of its label when it is drawn there, with a margin for an outline. */
async function surroundings(tab, element) {
  const { x, y, width, height } = await element.evaluate((node) => {
    const { x, y, width, height } = (node.closest("label") ?? node).getBoundingClientRect();
    return { x, y, width, height };
  });
  const clip = { x: Math.max(0, x - 8), y: Math.max(0, y - 8), width: width + 16, height: height + 16 };
  return tab.page.screenshot({ clip, animations: "disabled", caret: "hide" });
}

/** Nothing is cut off or needs scrolling sideways. */
async function fitsItsWindow(tab, page) {
  const { scrollWidth, clientWidth } = await tab.page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.ok(scrollWidth <= clientWidth, `${page} is ${scrollWidth} pixels wide in a window of ${clientWidth}`);
}

const MOST_STEPS = 80;
