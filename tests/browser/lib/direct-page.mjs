// A page that tests direct connections alone: the package's page side, and a Worker of the test's own.
import { DirectConnections } from "/dist/direct/connections.js";

const worker = new Worker("/direct-worker.mjs", { type: "module" });
const connections = new DirectConnections();
const happened = [];
let wake = () => {};

worker.onmessage = ({ data }) => {
  if (data.line) connections.connect(data.line, data.offers, location.origin);
  else if (data.signal) window.signalOut([...data.signal]);
  else {
    happened.push(data);
    wake();
  }
};

export function order(name, details = {}) {
  worker.postMessage({ order: name, ...details });
}

export function signalIn(signal) {
  order("signal", { signal: new Uint8Array(signal) });
}

/** Waits for what fits, and forgets all that came before. */
export async function until(expected) {
  for (;;) {
    while (happened.length > 0) {
      const told = happened.shift();
      if (Object.entries(expected).every(([key, value]) => told[key] === value)) return told;
    }
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
}

export async function tally() {
  order("tally");
  for (;;) {
    const at = happened.findIndex(({ tally }) => tally);
    if (at >= 0) return happened.splice(at, 1)[0].tally;
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
}

/** Sends, and waits for the other side's last packet. */
export async function exchange(count, size, expected) {
  order("send", { count, size });
  await until({ happened: "came", number: expected - 1 });
}

export function closeAll() {
  connections.close();
}
