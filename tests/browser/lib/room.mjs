// What a person does on the page, step by step, and what they then see.
import { expectVisible } from "./wait.mjs";
import { decodePng } from "./picture.mjs";

/** Makes a room on the front page and gives its link. */
export async function createRoom(tab, origin, parties) {
  await tab.page.goto(`${origin}/`);
  await tab.by(`party-count-${parties}`).check({ force: true });
  await tab.by("create-room").click();
  await expectVisible(tab.by("join-button"));
  return tab.page.url();
}

/** Joins the room that the tab's address names. */
export async function join(tab, name, role, route = "best") {
  await tab.by("join-name").fill(name);
  await tab.by(`join-role-${role}`).check({ force: true });
  await tab.by(`route-${route}`).check({ force: true });
  await tab.by("join-button").click();
}

/** Opens a link and joins. */
export async function openAndJoin(tab, link, name, role, route) {
  await tab.page.goto(link);
  await join(tab, name, role, route);
}

/** Waits until so many are in the room, all of them and the dealer over sealed channels. */
export async function everyoneSealed(tab, parties) {
  const sealed = tab.page.locator('[data-testid="member"][data-sealed="true"]');
  await expectVisible(sealed.nth(parties - 1));
  await expectVisible(tab.page.locator('[data-testid="dealer"][data-state="sealed"]'));
}

/** Ada, who owns the photo, and Ben, who adjusts it, meet in a room of their own: its link. */
export async function meet(origin, ada, ben, route) {
  const link = await createRoom(ada, origin, 2);
  await join(ada, "Ada", "photo", route);
  await openAndJoin(ben, link, "Ben", "adjust", route);
  for (const tab of [ada, ben]) await everyoneSealed(tab, 2);
  return link;
}

/** Chooses a file and says ready. */
export async function bringPhoto(tab, file) {
  await choosePhoto(tab, file);
  await tab.by("ready-button").click();
}

/** Picks the photo, and waits until the page shows it. */
export async function choosePhoto(tab, file) {
  await tab.by("file-input").setInputFiles(file);
  await expectVisible(tab.by("input-canvas"));
}

/** Sets every control as told and says ready. */
export async function setAdjustment(tab, { brightness, contrast, saturation, warmth }, preset) {
  for (const [name, value] of Object.entries({ brightness, contrast, saturation, warmth })) {
    await tab.by(`slider-${name}`).fill(String(value));
  }
  await tab.by(`filter-preset-${preset}`).check({ force: true });
  await tab.by("ready-button").click();
}

/** Waits until the run has begun in this tab. */
export async function running(tab) {
  await expectVisible(stage(tab, "running"));
}

/** Waits for the end of the run. */
export async function done(tab, timeout) {
  await expectVisible(stage(tab, "done"), timeout);
}

/** Waits for trouble of a kind, or of one of several. */
export async function trouble(tab, kinds, timeout) {
  await expectVisible(tab.by("error"), timeout);
  const found = await tab.by("error").getAttribute("data-kind");
  if (![kinds].flat().includes(found)) throw new Error(`${tab.name}: expected ${kinds}, found ${found}: ${await tab.by("error").textContent()}`);
}

/** Presses "start again", and waits until the trouble has gone from the page. */
export async function startAgain(tab) {
  await tab.by("start-again").click();
  await tab.by("error").waitFor({ state: "detached", timeout: 10_000 });
}

/** The pixels of a canvas, as the page holds them. */
export async function pixels(tab, id) {
  const url = await tab.by(id).evaluate((canvas) => canvas.toDataURL("image/png"));
  return decodePng(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
}

function stage(tab, name) {
  return tab.page.locator(`[data-testid="stage"][data-stage="${name}"]`);
}
