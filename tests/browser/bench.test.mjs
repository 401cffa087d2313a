// The bench page: which rows are measured, what they show, and that it can be stopped.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, WIDE } from "./lib/browser.mjs";
import { browser, services, stage } from "./lib/stage.mjs";
import { expectVisible } from "./lib/wait.mjs";

stage("bench");

/** Two tabs on the bench page; the first has chosen these rows. */
async function pair(viewport, rows) {
  const [first, second] = await Promise.all(["first", "second"].map((name) => browser.tab(name, { viewport })));
  await first.page.goto(`${services.origin}/#bench`);
  await expectVisible(first.by("bench-choose-add"));
  await first.page.getByRole("button", { name: "None" }).click();
  assert.ok(await first.by("bench-start").isDisabled(), "nothing to measure");
  for (const row of rows) await first.by(`bench-choose-${row}`).check();
  return [first, second];
}

async function start([first, second]) {
  await first.by("bench-start").click();
  await second.page.goto(await first.by("bench-link").inputValue());
  await second.by("bench-start").click();
}

for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
  test(`measures the rows that were chosen, ${size}`, { timeout: 120_000 }, async () => {
    const rows = ["add", "matmul-256", "argmax", "cos", "softmax"];
    const tabs = await pair(viewport, rows);
    await tabs[0].screenshot(`bench-choice-${size}`);
    await start(tabs);
    await Promise.all(tabs.map((tab) => expectVisible(tab.by("bench-done"), 60_000)));
    const figures = await Promise.all(tabs.map(measured));
    await tabs[0].screenshot(`bench-done-${size}`);
    for (const found of figures) {
      assert.deepEqual(found.map(({ id }) => id), rows);
      // In units of 2^-16, or of 2^-14 for smooth functions.
      for (const { id, error } of found) assert.ok(error <= 2 ** -14, `${id}: an error of ${error}`);
    }
    // Both saw the same rounds and bytes.
    assert.deepEqual(figures[0].map(({ rounds }) => rounds), figures[1].map(({ rounds }) => rounds));
    const over = await tabs[0].page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `the page is ${over} pixels too wide`);
  });
}

test("stops after the row that is measured when one tab says so", { timeout: 120_000 }, async () => {
  const tabs = await pair(WIDE, ["mul", "lt", "relu", "abs", "eq", "exp", "log"]);
  await start(tabs);
  const [, second] = tabs;
  await expectVisible(second.by("bench-row").first(), 60_000);
  await second.screenshot("bench-running");
  await second.by("bench-cancel").click();
  await Promise.all(tabs.map((tab) => expectVisible(tab.by("bench-done"), 60_000)));
  const counts = await Promise.all(tabs.map((tab) => tab.by("bench-row").count()));
  assert.equal(counts[0], counts[1]);
  assert.ok(counts[0] < 7, `${counts[0]} rows were measured`);
});

/** The rows of the table. */
async function measured(tab) {
  const rows = await tab.by("bench-row").all();
  return Promise.all(
    rows.map(async (row) => {
      const [, , rounds, , , error] = await row.locator("td").allInnerTexts();
      return { id: await row.getAttribute("data-id"), rounds, error: Number(error) };
    }),
  );
}
