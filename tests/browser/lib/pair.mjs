// Two pages with nothing but a direct connection between them; what they tell each other goes through this test.

export class Pair {
  /** Whether what the pages tell each other arrives. */
  carries = true;
  /** Called with each thing that a page tells the other one. */
  onSignal = () => {};

  /**
   * @param {import("./browser.mjs").Browser} browser
   * @param {string} origin of a site with the package
   * @param {() => void} [prepare] runs in each page before anything else
   */
  static async open(browser, origin, prepare) {
    const pair = new Pair();
    pair.tabs = await Promise.all(["offers", "answers"].map((name) => browser.tab(name)));
    for (const [at, tab] of pair.tabs.entries()) {
      if (prepare) await tab.page.addInitScript(prepare);
      await tab.page.exposeFunction("signalOut", (signal) => pair.#carry(at, signal));
      await tab.page.goto(origin);
    }
    return pair;
  }

  async #carry(from, signal) {
    this.onSignal(signal);
    if (!this.carries) return;
    await this.on(1 - from, "signalIn", signal).catch((error) => {
      if (this.carries) throw error;
    });
  }

  /** Calls a function of one page's module. */
  on(at, name, ...given) {
    return this.tabs[at].page.evaluate(
      async ([name, given]) => (await import("/direct-page.mjs"))[name](...given),
      [name, given],
    );
  }

  both(name, ...given) {
    return Promise.all([0, 1].map((at) => this.on(at, name, ...given)));
  }

  /** Asks for a connection on both sides, and waits until it is there. */
  async join() {
    await this.on(1, "order", "connect", { offers: false });
    await this.on(0, "order", "connect", { offers: true });
    return this.both("until", { happened: "open" });
  }
}
