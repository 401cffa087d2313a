// Numbers that are promised: the dealer is done when they come.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, services, siteWith, stage } from "./lib/stage.mjs";

stage("later", { site: siteWith("tests/browser/lib/later.mjs") });

/** Two tabs that have recorded the program; calls a function in one of them. */
async function recorded() {
  const tabs = await Promise.all(["alice", "bob"].map((name) => browser.tab(name)));
  await Promise.all(tabs.map(({ page }) => page.goto(services.origin)));
  const call = (tab, name, ...values) =>
    tab.page.evaluate(
      async ([name, values]) => (await import("/later.mjs"))[name](...values),
      [name, values],
    );
  const link = await call(tabs[0], "open");
  const settled = await Promise.all(tabs.map((tab) => call(tab, "record", link, tab.name)));
  assert.deepEqual(settled, [false, false], "nothing comes out before the numbers are there");
  return { tabs, call };
}

test("a promised input is computed with when it comes", { timeout: 60_000 }, async () => {
  const { tabs, call } = await recorded();
  await call(tabs[0], "come", [0, 20]);
  for (const values of await Promise.all(tabs.map((tab) => call(tab, "result")))) {
    assert.ok(Math.abs(values[0] - 0.5) < 1e-4 && values[1] === 1, `${values}`);
  }
  for (const tab of tabs) await call(tab, "leave");
});

const wrongs = [
  ["a promise that is broken", "stay", "the photo is lost", "the photo is lost"],
  ["too many numbers", "come", [1, 2, 3], "3 numbers for shape [2]"],
  ["no numbers at all", "come", [Number.NaN, 1], "input"],
];
for (const [title, what, value, says] of wrongs) {
  test(`${title} ends the session, and only its owner learns why`, { timeout: 60_000 }, async () => {
    const { tabs, call } = await recorded();
    await call(tabs[0], what, value);
    const [alice, bob] = await Promise.all(tabs.map((tab) => call(tab, "result")));
    assert.match(alice, /^input: /);
    assert.ok(alice.includes(says), alice);
    assert.ok(bob.includes("alice") && !bob.includes(says), bob);
    for (const tab of tabs) await call(tab, "leave");
  });
}
