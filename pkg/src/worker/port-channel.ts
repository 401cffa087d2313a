/** What stands for a data channel in the Worker, where the channel itself stays on the page. */
import type { FromProxy, ToProxy } from "../direct/lines.ts";
import type { Channel } from "../direct/proxy.ts";

/** Looks like an `RTCDataChannel`, as far as the engine's side uses one. */
export class PortChannel implements Channel {
  binaryType: BinaryType = "arraybuffer";
  bufferedAmountLowThreshold = 0;
  readyState: RTCDataChannelState = "connecting";
  onopen: RTCDataChannel["onopen"] = null;
  onmessage: RTCDataChannel["onmessage"] = null;
  onbufferedamountlow: RTCDataChannel["onbufferedamountlow"] = null;
  onclose: RTCDataChannel["onclose"] = null;
  #port: MessagePort;
  #buffered = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = (event: MessageEvent<FromProxy>) => this.#hear(event);
  }

  /** Bytes that are not yet in the channel on the page. */
  get bufferedAmount(): number {
    return this.#buffered;
  }

  send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
    if (this.readyState !== "open") throw new DOMException("the channel is not open", "InvalidStateError");
    // The engine's memory is not to be handed over, and this is all that it sends.
    if (!ArrayBuffer.isView(data)) throw new TypeError("only bytes are carried");
    const copy = new Uint8Array(data.byteLength);
    copy.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#buffered += copy.byteLength;
    this.#tell(copy.buffer, [copy.buffer]);
  }

  close(): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.#tell({ say: "close" });
    this.#port.close();
  }

  #tell(message: ToProxy, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  #hear(event: MessageEvent<FromProxy>): void {
    const { data } = event;
    const channel = this as unknown as RTCDataChannel;
    if (data instanceof ArrayBuffer) {
      this.onmessage?.call(channel, event);
      return;
    }
    switch (data.say) {
      case "open":
        this.readyState = "open";
        this.onopen?.call(channel, event);
        break;
      case "taken": {
        const before = this.#buffered;
        this.#buffered -= data.bytes;
        const low = this.bufferedAmountLowThreshold;
        if (before > low && this.#buffered <= low) this.onbufferedamountlow?.call(channel, event);
        break;
      }
      case "closed":
        this.readyState = "closed";
        this.#port.close();
        this.onclose?.call(channel, event);
        break;
    }
  }
}
