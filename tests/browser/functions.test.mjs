// Every function of the npm package, called between two tabs, against the clear computation.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./lib/artifacts.mjs";
import { Browser } from "./lib/browser.mjs";
import { Services } from "./lib/processes.mjs";

const site = mkdtempSync(join(tmpdir(), "cryptab-package-"));
let services;
let browser;

before(async () => {
  // A page with the package and nothing else.
  cpSync(join(ROOT, "pkg/dist"), join(site, "dist"), { recursive: true });
  cpSync(join(ROOT, "tests/browser/lib/functions.mjs"), join(site, "functions.mjs"));
  writeFileSync(join(site, "favicon.ico"), "");
  writeFileSync(join(site, "index.html"), "<!doctype html><title>package</title>");
  services = await Services.start("functions", { site });
  browser = await Browser.start();
});

after(async () => {
  await browser?.stop();
  await services?.stop();
  rmSync(site, { recursive: true, force: true });
});

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
  assert.deepEqual(await browser.closeTabs(), []);
});
