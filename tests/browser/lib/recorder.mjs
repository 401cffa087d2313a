// A TCP proxy in front of a service. It stores every byte in both directions and can hold them back.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * @typedef {{ sent: Buffer[], received: Buffer[] }} Connection What the client sent and what it received.
 */

/** For `holdAfter` at the dealer: well into a run of the photo program, well before its end. */
export const INTO_THE_RUN = 500_000;

/** For `slow` at the relay: whoever measures finds the direct way faster. */
export const FAR = 25;

export class Recorder {
  /** @type {Connection[]} */
  connections = [];
  #sockets = new Set();
  /** Sockets whose bytes wait while the recorder holds. */
  #held = new Set();
  #budget = Infinity;
  #delay = 0;
  #server;

  /**
   * Listens on a free loopback port, or on the one given, and passes everything on to `target`.
   * @param {number} target
   * @param {number} [port]
   */
  static async start(target, port = 0) {
    const recorder = new Recorder();
    recorder.#server = createServer((client) => recorder.#accept(client, target));
    recorder.#server.listen(port, "127.0.0.1");
    await once(recorder.#server, "listening");
    return recorder;
  }

  get port() {
    return this.#server.address().port;
  }

  /** Passes on this many bytes more, then holds everything until `release`. Tells when it holds. */
  holdAfter(bytes) {
    this.#budget = bytes;
    return new Promise((resolve) => {
      this.onHold = resolve;
    });
  }

  /** Passes on what was held and all that comes. */
  release() {
    this.#budget = Infinity;
    for (const socket of this.#held) socket.resume();
    this.#held.clear();
  }

  /** Lets every byte arrive so much later, as over a long way: on connections made from now on. */
  slow(milliseconds) {
    this.#delay = milliseconds;
  }

  /** Breaks every connection, as when the service's machine dies. */
  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop() {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** How many bytes have passed, both directions together. */
  get bytes() {
    const count = (buffers) => buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    return this.connections.reduce((sum, { sent, received }) => sum + count(sent) + count(received), 0);
  }

  #accept(client, target) {
    const service = connect(target, "127.0.0.1");
    /** @type {Connection} */
    const connection = { sent: [], received: [] };
    this.connections.push(connection);
    this.#pass(client, service, connection.sent);
    this.#pass(service, client, connection.received);
  }

  #pass(from, to, store) {
    const delay = this.#delay;
    // Calls of equal delay keep their order.
    const later = (work) => (delay > 0 ? setTimeout(work, delay) : work());
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on("data", (bytes) => {
      store.push(bytes);
      later(() => to.write(bytes) || from.pause());
      this.#spend(bytes.length);
      if (this.#budget <= 0) this.#hold(from);
    });
    to.on("drain", () => this.#held.has(from) || from.resume());
    from.on("end", () => later(() => to.end()));
    from.on("error", () => to.destroy());
    from.on("close", () => {
      this.#sockets.delete(from);
      this.#held.delete(from);
      later(() => to.destroySoon());
    });
  }

  #spend(bytes) {
    const before = this.#budget;
    this.#budget -= bytes;
    if (before > 0 && this.#budget <= 0) this.onHold?.();
  }

  #hold(socket) {
    socket.pause();
    this.#held.add(socket);
  }
}
