// Every function of the npm package, called between two tabs, against the clear computation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, services, siteWith, stage } from "./lib/stage.mjs";

// A page with the package and nothing else.
stage("functions", { site: siteWith("tests/browser/lib/functions.mjs") });

test("every function computes what it says, in both tabs", { timeout: 120_000 }, async () => {
  const tabs = await Promise.all(["alice", "bob"].map((name) => browser.tab(name)));
  await Promise.all(tabs.map(({ page }) => page.goto(services.origin)));
  const link = await tabs[0].page.evaluate(async () => (await import("/functions.mjs")).open());
  const reports = await Promise.all(
    tabs.map(({ page, name }) =>
      page.evaluate(async ([link, name]) => (await import("/functions.mjs")).run(link, name), [link, name]),
    ),
  );
  for (const { page } of tabs) await page.evaluate(async () => (await import("/functions.mjs")).leave());
  for (const { wrong, missing, cases, cost } of reports) {
    assert.deepEqual(wrong, []);
    assert.deepEqual(missing, [], "functions that no case calls");
    assert.ok(cases > 120, `${cases} cases`);
    // Recorded in one turn, they share rounds.
    assert.ok(cost.rounds < 30, `${cost.rounds} rounds`);
  }
});
