/** What the one who made a room may do later. */
import { Connection } from "./connection.ts";
import type { Room } from "./room.ts";

/**
 * The owner of a room. Whoever has the secret is the owner: keep it in the browser that made the room, and out
 * of every link.
 */
export class Owner {
  /** A link to the room, whichever. */
  readonly link: string;
  /** The owner's secret key, 64 hexadecimal digits. */
  readonly secret: string;

  constructor(link: string, secret: string) {
    this.link = link;
    this.secret = secret;
  }

  /**
   * Takes an invite back: whoever came by it must go, and nobody gets in by it until the room's end. With `room`,
   * the room that this page is in as the owner, the others are told through the sealed channels as well, so that
   * a relay which does not obey keeps nobody in.
   *
   * @throws {CrypTabError} when the relay cannot be reached
   */
  async revoke(token: string, room?: Room): Promise<void> {
    await this.#order(token, room);
  }

  /** Sends everybody away and lets nobody in any more. */
  async close(room?: Room): Promise<void> {
    await this.#order(undefined, room);
  }

  async #order(revoke: string | undefined, room: Room | undefined): Promise<void> {
    const { link, secret } = this;
    if (room) return room.order({ link, secret, revoke });
    const connection = new Connection();
    try {
      await connection.request("order", { link, secret, revoke });
    } finally {
      void connection.close();
    }
  }
}
