// Firefox, driven over WebDriver: what a person does on the page, for the one run that is made there. A window with a
// profile of its own for each party.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Builder, By, until } from "selenium-webdriver";
import firefox from "selenium-webdriver/firefox.js";
import { ROOT } from "./artifacts.mjs";
import { decodePng } from "./picture.mjs";

export class Window {
  static async open(name) {
    const options = new firefox.Options().addArguments("-headless").windowSize({ width: 1280, height: 800 });
    for (const [preference, value] of Object.entries(QUIET)) options.setPreference(preference, value);
    options.setBinary(process.env.FIREFOX || "/usr/bin/firefox-esr");
    const service = new firefox.ServiceBuilder(process.env.GECKODRIVER || "geckodriver");
    const window = new Window();
    window.name = name;
    window.driver = await new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service).build();
    return window;
  }

  async goto(url) {
    await this.driver.get(url);
  }

  async url() {
    return this.driver.getCurrentUrl();
  }

  /** The element with this test id, once it is there; trouble on the page ends the wait at once. */
  async by(id, attributes = "", patience = PATIENCE) {
    const wanted = By.css(`[data-testid="${id}"]${attributes}`);
    const found = async () => {
      const [element] = await this.driver.findElements(wanted);
      if (element) return element;
      const [trouble] = await this.driver.findElements(By.css('[data-testid="error"]'));
      if (trouble) throw new Error(`${this.name} waited for ${wanted}, but the page said: ${await trouble.getText()}`);
      return null;
    };
    return this.driver.wait(found, patience, `${this.name} has no ${wanted}`);
  }

  async click(id) {
    const button = await this.by(id);
    await this.driver.wait(until.elementIsEnabled(button), PATIENCE);
    await this.driver.executeScript("arguments[0].click()", button);
  }

  /** Types into a field, or names the file of a chooser. */
  async fill(id, text) {
    const field = await this.by(id);
    if ((await field.getAttribute("type")) !== "file") await field.clear();
    await field.sendKeys(text);
  }

  /** Moves a slider: keys would go there step by step. */
  async slide(id, value) {
    await this.driver.executeScript(SLIDE, await this.by(id), String(value));
  }

  /** How many elements have this test id now. */
  async count(id) {
    return (await this.driver.findElements(By.css(`[data-testid="${id}"]`))).length;
  }

  /** The pixels of a canvas, as the page holds them. */
  async pixels(id) {
    const url = await this.driver.executeScript("return arguments[0].toDataURL('image/png')", await this.by(id));
    return decodePng(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
  }

  async close() {
    await this.driver.quit();
  }
}

const SLIDE = `
  const [slider, value] = arguments;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(slider, value);
  for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, { bubbles: true }));
`;
const PATIENCE = 30_000;
/** Nothing is asked of the network but what the page asks. */
const QUIET = JSON.parse(readFileSync(join(ROOT, "crates/wasm/webdriver-firefox.json"), "utf8"))["moz:firefoxOptions"].prefs;
