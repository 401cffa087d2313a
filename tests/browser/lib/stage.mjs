// What a file of tests plays on: services and a browser, and after each test no tabs, nothing held back, and no error
// that the test did not expect.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, afterEach, before } from "node:test";
import { ROOT } from "./artifacts.mjs";
import { Browser } from "./browser.mjs";
import { Services } from "./processes.mjs";

/** @type {Services} from the first test on */
export let services;
/** @type {Browser} from the first test on */
export let browser;

/**
 * Starts both for the tests of this file.
 * @param {string} name of the services in their logs
 * @param {{ site?: string }} [options] of the services
 */
export function stage(name, options) {
  before(async () => {
    services = await Services.start(name, options);
    browser = await Browser.start();
  });
  afterEach(async () => {
    services.letPass();
    assert.deepEqual(await browser.closeTabs(), []);
  });
  after(async () => {
    await browser?.stop();
    await services?.stop();
  });
}

/** A site with the package and these files, given from the root of the repository, until the tests are over. */
export function siteWith(...files) {
  const site = mkdtempSync(join(tmpdir(), "cryptab-site-"));
  after(() => rmSync(site, { recursive: true, force: true }));
  cpSync(join(ROOT, "pkg/dist"), join(site, "dist"), { recursive: true });
  for (const file of files) cpSync(join(ROOT, file), join(site, basename(file)));
  writeFileSync(join(site, "favicon.ico"), "");
  writeFileSync(join(site, "index.html"), "<!doctype html><title>package</title>");
  return site;
}
