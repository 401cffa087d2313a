/** One direct connection, on the page's side: it is made here, and its channel is used in the Worker. */
import { messageOf } from "../errors.ts";
import type { ToPage, ToWorker } from "./lines.ts";
import { carry } from "./proxy.ts";
import { decodeSignal, encodeSignal, type Signal } from "./signal.ts";

export class DirectConnection {
  #line: MessagePort;
  #offers: boolean;
  #peer: RTCPeerConnection | undefined;
  #onClosed: () => void;
  /** What the other side said is done in order, and not before the Worker listens. */
  #work: Promise<void>;
  #begin: () => void = () => {};
  #described = false;
  #closed = false;
  #patience: ReturnType<typeof setTimeout>;
  #mending: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param line to the Worker
   * @param offers whether this side makes the offer
   * @param configuration of the servers that help
   */
  constructor(
    line: MessagePort,
    offers: boolean,
    configuration: Promise<RTCConfiguration>,
    onClosed: () => void,
  ) {
    this.#line = line;
    this.#offers = offers;
    this.#onClosed = onClosed;
    this.#patience = setTimeout(() => this.end("no connection came about in time"), CONNECT_TIME);
    this.#work = new Promise((resolve) => {
      this.#begin = resolve;
    });
    if (offers) this.#then(() => this.#describe());
    line.onmessage = ({ data }: MessageEvent<ToPage>) => this.#hear(data);
    configuration.then(
      (known) => this.#make(known),
      (why: unknown) => this.end(`the relay's /ice cannot be used: ${messageOf(why)}`),
    );
  }

  /** Ends the connection and tells the Worker why. */
  end(reason: string): void {
    if (this.#closed) return;
    this.#tell({ say: "failed", reason });
    this.#close();
    this.#peer?.close();
  }

  /** The Worker has closed the channel: what it sent before still leaves. */
  #closeGently(): void {
    if (this.#closed) return;
    this.#close();
    setTimeout(() => this.#peer?.close(), LINGER);
  }

  #close(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#mending);
    this.#line.onmessage = null;
    this.#line.close();
    if (this.#peer) {
      this.#peer.onicecandidate = null;
      this.#peer.onconnectionstatechange = null;
    }
    this.#closed = true;
    this.#onClosed();
  }

  /** Makes the channel and hands it over at once: later than that it cannot be. */
  #make(configuration: RTCConfiguration): void {
    if (this.#closed) return;
    try {
      const peer = new RTCPeerConnection(configuration);
      this.#peer = peer;
      peer.onicecandidate = ({ candidate }) => this.#signal(signalOf(candidate));
      peer.onconnectionstatechange = () => this.#watch(peer.connectionState);
      const channel = peer.createDataChannel("cryptab", { negotiated: true, id: 0, ordered: true });
      this.#handOver(channel);
    } catch (why) {
      this.end(`this browser makes no direct connections: ${messageOf(why)}`);
    }
  }

  #handOver(channel: RTCDataChannel): void {
    try {
      // The compiler's list of what can be transferred is older than channels that can.
      this.#tell({ say: "channel", channel }, [channel as unknown as Transferable]);
    } catch (why) {
      if (!(why instanceof DOMException && why.name === "DataCloneError") && !(why instanceof TypeError))
        throw why;
      const { port1, port2 } = new MessageChannel();
      carry(channel, port1);
      this.#tell({ say: "proxy", port: port2 }, [port2]);
    }
  }

  #hear(said: ToPage): void {
    switch (said.say) {
      case "ready":
        this.#begin();
        break;
      case "open":
        clearTimeout(this.#patience);
        break;
      case "signal":
        this.#then(() => this.#take(decodeSignal(said.bytes)));
        break;
      case "close":
        this.#closeGently();
        break;
    }
  }

  async #take(signal: Signal | undefined): Promise<void> {
    const peer = this.#peer;
    if (!peer) return;
    switch (signal?.type) {
      case "offer":
      case "answer":
        if (this.#described || (signal.type === "offer") === this.#offers)
          throw new Error(`an ${signal.type} came that nobody waits for`);
        this.#described = true;
        await peer.setRemoteDescription(signal);
        if (!this.#offers) await this.#describe();
        break;
      case "candidate": {
        const { candidate, sdpMid, sdpMLineIndex } = signal;
        // One way that cannot be taken is no reason to give up the others.
        await peer.addIceCandidate({ candidate, sdpMid, sdpMLineIndex }).catch(() => {});
        break;
      }
    }
  }

  /** Makes the offer, or the answer. */
  async #describe(): Promise<void> {
    const peer = this.#peer;
    if (!peer) return;
    await peer.setLocalDescription();
    const { type, sdp } = peer.localDescription ?? {};
    if ((type === "offer" || type === "answer") && sdp !== undefined) this.#signal({ type, sdp });
  }

  #watch(state: RTCPeerConnectionState): void {
    switch (state) {
      case "connected":
        clearTimeout(this.#mending);
        break;
      case "disconnected":
        // It often mends itself. A timer of an earlier interruption could not be stopped any more.
        clearTimeout(this.#mending);
        this.#mending = setTimeout(() => this.end("the connection is interrupted"), MEND_TIME);
        break;
      case "failed":
        this.end("the connection failed");
        break;
      case "closed":
        this.end("the connection was closed");
        break;
    }
  }

  #signal(signal: Signal): void {
    if (!this.#closed) this.#tell({ say: "signal", bytes: encodeSignal(signal) });
  }

  /** After all that was to be done before. */
  #then(work: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#closed ? undefined : work()))
      .catch((why: unknown) => this.end(messageOf(why)));
  }

  #tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.#line.postMessage(message, transfer);
  }
}

function signalOf(found: RTCIceCandidate | null): Signal {
  // Some browsers end with an empty candidate, some with none; what ends is the same.
  const { candidate = "", sdpMid = null, sdpMLineIndex = null } = found ?? {};
  return { type: "candidate", candidate, sdpMid, sdpMLineIndex };
}

/** Milliseconds that a connection may take to come about. */
const CONNECT_TIME = 20_000;
/** Milliseconds that the last messages, a mebibyte at most, may take to leave. */
const LINGER = 1_000;
/** Milliseconds that an interrupted one may take to mend. */
const MEND_TIME = 10_000;
