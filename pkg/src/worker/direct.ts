/** The Worker's end of a direct connection's line to the page; the engine's side holds one for each. */
import type { ToPage, ToWorker } from "../direct/lines.ts";
import { PortChannel } from "./port-channel.ts";

/** What the engine's side hears of the connection. */
export type Hear = (said: { channel: RTCDataChannel } | { signal: Uint8Array } | { failed: string }) => void;

export class DirectLine {
  #port: MessagePort;
  #hear: Hear;

  constructor(port: MessagePort, hear: Hear) {
    this.#port = port;
    this.#hear = hear;
    port.onmessage = ({ data }: MessageEvent<ToWorker>) => this.#take(data);
  }

  /** From the other side of the connection. */
  signal(bytes: Uint8Array): void {
    this.#tell({ say: "signal", bytes: bytes.slice() });
  }

  /** The channel is open. */
  opened(): void {
    this.#tell({ say: "open" });
  }

  close(): void {
    this.#tell({ say: "close" });
    this.#port.onmessage = null;
    this.#port.close();
  }

  #take(said: ToWorker): void {
    switch (said.say) {
      case "channel":
        this.#use(said.channel);
        break;
      case "proxy":
        this.#use(new PortChannel(said.port) as unknown as RTCDataChannel);
        break;
      case "signal":
        this.#hear({ signal: said.bytes });
        break;
      case "failed":
        this.#hear({ failed: said.reason });
        break;
    }
  }

  /** Only once somebody listens may the connection be made: what happens before is lost. */
  #use(channel: RTCDataChannel): void {
    this.#hear({ channel });
    this.#tell({ say: "ready" });
  }

  #tell(message: ToPage): void {
    this.#port.postMessage(message);
  }
}
