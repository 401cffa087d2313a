// Chromium, its contexts and tabs. A tab that logs an error nobody expects fails its test.
import { chromium } from "playwright-core";
import { artifact } from "./artifacts.mjs";

/** Every tab of one test; a fresh browser for each test file. */
export class Browser {
  #tabs = [];

  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: ARGUMENTS,
    });
    return browser;
  }

  /**
   * A tab in a context of its own: nothing is shared with any other tab but the network.
   * @param {string} name of the tab in messages and screenshots
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  async tab(name, options = {}) {
    const context = await this.chromium.newContext({ viewport: WIDE, ...options });
    return this.adopt(name, await context.newPage());
  }

  /** A page that a test opened in an existing context. */
  adopt(name, page) {
    const tab = new Tab(name, page);
    this.#tabs.push(tab);
    return tab;
  }

  /** The end of a test: closes every tab, and gives the errors that no test expected. */
  async closeTabs() {
    const tabs = this.#tabs.splice(0);
    await Promise.all(tabs.map((tab) => tab.page.context().close()));
    return tabs.flatMap((tab) => tab.unexpectedErrors());
  }

  async stop() {
    await this.chromium.close();
  }
}

export class Tab {
  #errors = [];
  #expected = [];

  constructor(name, page) {
    this.name = name;
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
    page.on("console", (message) => message.type() === "error" && this.#log(message));
    page.on("pageerror", (error) => this.#errors.push(`uncaught: ${error.message}`));
  }

  /** Errors that belong to the fault under test. */
  expectErrors(...patterns) {
    this.#expected.push(...patterns);
  }

  #log(message) {
    this.#errors.push(message.text());
  }

  unexpectedErrors() {
    const unexpected = this.#errors.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
    return unexpected.map((text) => `${this.name}: ${text}`);
  }

  /** The element with this test id. */
  by(id) {
    return this.page.getByTestId(id);
  }

  async screenshot(name) {
    await this.page.screenshot({ path: artifact(`${name}.png`), fullPage: true, animations: "disabled" });
  }

  async close() {
    await this.page.close();
  }
}

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

const PATIENCE = 30_000;
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
