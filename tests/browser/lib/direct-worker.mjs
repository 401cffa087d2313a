// The Worker of a page that tests direct connections alone: it does with a channel what the engine's side does.
import { DirectLine } from "/dist/worker/direct.js";

const HIGH = 1 << 20;
const LOW = 1 << 18;

let line;
let channel;
let waiting = [];
/** Numbers of the packets that came, and their bytes. */
let numbers = [];
let bytes = 0;

const orders = {
  connect({ offers }) {
    const { port1, port2 } = new MessageChannel();
    postMessage({ line: port2, offers }, [port2]);
    line = new DirectLine(port1, hear);
    numbers = [];
    bytes = 0;
    waiting = [];
  },
  signal({ signal }) {
    line.signal(signal);
  },
  send({ count, size }) {
    for (let number = 0; number < count; number += 1) {
      const packet = new Uint8Array(size);
      new DataView(packet.buffer).setUint32(0, number);
      waiting.push(packet);
    }
    sendOn();
  },
  tally() {
    postMessage({ tally: { inOrder: numbers.every((number, at) => number === at), packets: numbers.length, bytes } });
    numbers = [];
    bytes = 0;
  },
  close() {
    channel?.close();
    channel = undefined;
    line.close();
  },
};

onmessage = ({ data }) => orders[data.order](data);

function hear(said) {
  if (said.signal) postMessage({ signal: said.signal });
  if (said.failed) postMessage({ happened: "failed", reason: said.failed });
  if (!said.channel) return;
  channel = said.channel;
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = LOW;
  channel.onopen = () => {
    line.opened();
    postMessage({ happened: "open", kind: channel.constructor.name });
  };
  channel.onclose = () => postMessage({ happened: "closed" });
  channel.onbufferedamountlow = sendOn;
  channel.onmessage = ({ data }) => {
    const number = new DataView(data).getUint32(0);
    numbers.push(number);
    bytes += data.byteLength;
    postMessage({ happened: "came", number });
  };
}

function sendOn() {
  while (waiting.length > 0 && channel.bufferedAmount < HIGH) channel.send(waiting.shift());
}
