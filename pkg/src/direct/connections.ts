/** All direct connections of a party: they are made on the page, where alone browsers make them. */
import { DirectConnection } from "./connection.ts";
import { iceConfiguration } from "./ice.ts";

export class DirectConnections {
  #open = new Set<DirectConnection>();

  /**
   * Makes one.
   * @param site the relay's, which knows the servers that help
   */
  connect(line: MessagePort, offers: boolean, site: string): void {
    if (this.#open.size === 0) addEventListener("pagehide", this.close);
    const connection = new DirectConnection(line, offers, iceConfiguration(site), () => {
      this.#open.delete(connection);
      if (this.#open.size === 0) removeEventListener("pagehide", this.close);
    });
    this.#open.add(connection);
  }

  /** Closes all: this party leaves, or its page goes away. */
  close = (): void => {
    for (const connection of [...this.#open]) connection.end("the page closes its connections");
  };
}
