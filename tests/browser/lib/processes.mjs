// The real programs, each a process of its own: relay, dealer, native parties.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keep, ROOT } from "./artifacts.mjs";
import { Recorder } from "./recorder.mjs";

const BINARY = process.env.CRYPTAB_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "release", "cryptab");
const SITE = process.env.CRYPTAB_SITE ?? join(ROOT, "web", "dist");

/** Whoever runs the tests keeps the state of their own parties as it is: these have nowhere to keep any. */
const ENVIRONMENT = { ...process.env, XDG_STATE_HOME: "/dev/null/state" };

/** A child process with its output kept. */
export class Program {
  output = "";
  #child;
  #name;

  constructor(name, args) {
    this.#name = name;
    this.#child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"], env: ENVIRONMENT });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.output += text;
      });
    }
    this.#child.on("error", (error) => {
      this.output += `\n${error.message}\n`;
    });
    running.add(this);
    this.ended = once(this.#child, "close").then(([code, signal]) => {
      running.delete(this);
      keep(`${name}.log`, this.output);
      return code ?? signal;
    });
  }

  /** Waits for text in the output. */
  async says(pattern, within = PATIENCE) {
    await until(() => this.output.match(pattern), within, () => `${this.#name} does not say ${pattern}:\n${this.output}`);
  }

  /** Asks it to stop; kills it when it does not. */
  async stop(signal = "SIGTERM") {
    this.#child.kill(signal);
    const late = setTimeout(() => this.#child.kill("SIGKILL"), GRACE);
    await this.ended;
    clearTimeout(late);
  }

  killNow() {
    this.#child.kill("SIGKILL");
  }
}

/** Relay and dealer as separate processes, each behind a recorder. */
export class Services {
  #folder = mkdtempSync(join(tmpdir(), "cryptab-e2e-"));

  static async start(name, { site = SITE } = {}) {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: run \`cargo xtask build\``);
    if (!existsSync(join(site, "index.html"))) throw new Error(`${site} is missing: run \`cargo xtask build\``);
    const services = new Services();
    services.name = name;
    services.site = site;
    services.relayPort = await freePort();
    services.dealerPort = await freePort();
    services.relayRecorder = await Recorder.start(services.relayPort);
    services.dealerRecorder = await Recorder.start(services.dealerPort);
    await services.startDealer();
    await services.startRelay();
    return services;
  }

  /** Where the page is: the relay, seen through its recorder. */
  get origin() {
    return `http://127.0.0.1:${this.relayRecorder.port}`;
  }

  async startDealer() {
    const keyFile = join(this.#folder, "dealer.key");
    this.dealerKey = execFileSync(BINARY, ["dealer", "--print-key", "--key-file", keyFile], { encoding: "utf8" }).trim();
    const listen = `127.0.0.1:${this.dealerPort}`;
    this.dealer = new Program(`${this.name}-dealer`, ["dealer", "--listen", listen, "--key-file", keyFile]);
    await healthy(this.dealer, this.dealerPort);
  }

  async startRelay() {
    const dealer = ["--dealer-url", `ws://127.0.0.1:${this.dealerRecorder.port}/dealer`, "--dealer-key", this.dealerKey];
    const listen = `127.0.0.1:${this.relayPort}`;
    this.relay = new Program(`${this.name}-relay`, ["relay", "--listen", listen, "--site", this.site, ...dealer]);
    await healthy(this.relay, this.relayPort);
  }

  /** Nothing is held back or late any longer. */
  letPass() {
    this.relayRecorder.slow(0);
    this.dealerRecorder.release();
  }

  async stop() {
    await Promise.all([this.relay?.stop(), this.dealer?.stop()]);
    await Promise.all([this.relayRecorder.stop(), this.dealerRecorder.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

let parties = 0;

/** A native party that helps in a room. */
export function joinNatively(link, name) {
  parties += 1;
  return new Program(`join-${parties}-${name}`, ["join", link, "--role", "help", "--name", name, "--json"]);
}

async function healthy(program, port) {
  const answers = () => fetch(`http://127.0.0.1:${port}/healthz`).then((answer) => answer.ok, () => false);
  await until(answers, PATIENCE, () => `no answer on port ${port}:\n${program.output}`);
}

/** Asks again and again until the answer is truthy. */
export async function until(question, within, complaint) {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(complaint());
    await sleep(25);
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const running = new Set();
process.on("exit", () => {
  for (const program of running) program.killNow();
});

const PATIENCE = 15_000;
const GRACE = 5_000;
