/** For browsers that keep a data channel on the page: the page carries its messages to the Worker and back. */
import type { FromProxy, ToProxy } from "./lines.ts";

/** The part of a data channel that is used here. */
export type Channel = Pick<
  RTCDataChannel,
  | "binaryType"
  | "bufferedAmount"
  | "bufferedAmountLowThreshold"
  | "close"
  | "onbufferedamountlow"
  | "onclose"
  | "onmessage"
  | "onopen"
  | "send"
>;

/** Carries messages between a channel and a port, until either of them closes. */
export function carry(channel: Channel, port: MessagePort): void {
  const waiting: ArrayBuffer[] = [];
  let closing = false;
  const tell = (message: FromProxy, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  const sendOn = () => {
    let taken = 0;
    while (channel.bufferedAmount < HIGH) {
      const message = waiting.shift();
      if (!message) break;
      taken += message.byteLength;
      try {
        channel.send(message);
      } catch {
        // A channel that takes no more is closed, or about to be.
        channel.close();
        return;
      }
    }
    if (closing && waiting.length === 0) channel.close();
    else if (taken > 0) tell({ say: "taken", bytes: taken });
  };
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = LOW;
  channel.onopen = () => tell({ say: "open" });
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) tell(data, [data]);
    // Text means nothing here; whoever reads it will find it malformed.
    else tell(new ArrayBuffer(0));
  };
  channel.onbufferedamountlow = sendOn;
  channel.onclose = () => {
    tell({ say: "closed" });
    port.close();
  };
  port.onmessage = ({ data }: MessageEvent<ToProxy>) => {
    if (data instanceof ArrayBuffer) {
      waiting.push(data);
      sendOn();
    } else {
      // What was sent before still leaves.
      closing = true;
      channel.onclose = null;
      port.close();
      sendOn();
    }
  };
}

/** Bytes in a channel; as the Worker holds it with a channel of its own. */
const HIGH = 1 << 20;
const LOW = 1 << 18;
