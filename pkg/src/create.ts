/** Making rooms. */
import { Connection } from "./connection.ts";
import { CrypTabError, messageOf } from "./errors.ts";
import type { Role } from "./events.ts";
import type { InviteInfo, MadeLink } from "./messages.ts";
import { isObject } from "./objects.ts";
import { Owner } from "./owner.ts";

/** What a room computes: the photo program, or whatever its parties record. */
export type Program = "photo" | "tensor";

export type CreateOptions = {
  /** How many compute together, 2 to 8. */
  parties: number;
  program: Program;
  /**
   * Whom to invite, each by a link of its own for this role (or any) and this slot (or any), for one party at a
   * time. Without it, one link is for everybody.
   */
  grants?: readonly { role?: Role; slot?: number }[];
};

/** A room that was just made. */
export type CreatedRoom = {
  /** The link for everybody, or the first of `links`. */
  link: string;
  /** One for each grant, in that order. */
  links: readonly MadeLink[];
  /** Takes invites back and closes the room. */
  owner: Owner;
};

/**
 * Makes a room on this page's site. Its secrets are drawn in this tab and are in the link's fragment alone,
 * which no server ever receives; the relay learns of the room when the first party joins.
 */
export async function createRoom({ parties, program, grants = [] }: CreateOptions): Promise<CreatedRoom> {
  const { dealerKey, dealerUrl } = await services();
  const { origin } = location;
  const connection = new Connection();
  try {
    const options = { origin, parties, program, dealerKey, dealerUrl, lifetime: LIFETIME, grants };
    const { links, owner } = await connection.request("create", { options });
    const link = links[0]?.link ?? "";
    return { link, links: grants.length > 0 ? links : [], owner: new Owner(link, owner) };
  } finally {
    void connection.close();
  }
}

/** What a link invites to, without joining. @throws {CrypTabError} `link` */
export async function readInvite(link: string): Promise<InviteInfo> {
  const connection = new Connection();
  try {
    return await connection.request("read", { link });
  } finally {
    void connection.close();
  }
}

/** What the site says of its services. */
async function services(): Promise<{ dealerKey: string; dealerUrl: string | undefined }> {
  let said: unknown;
  try {
    const answer = await fetch("/config.json");
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    said = await answer.json();
  } catch (error) {
    throw unserved(messageOf(error));
  }
  const { dealer_key: dealerKey, dealer_url: dealerUrl } = isObject(said) ? said : {};
  if (typeof dealerKey !== "string") throw unserved("it names no dealer");
  return { dealerKey, dealerUrl: typeof dealerUrl === "string" ? dealerUrl : undefined };
}

function unserved(why: string): CrypTabError {
  const message = `the site's /config.json cannot be used: ${why}`;
  return new CrypTabError({ fault: "relay", code: "config", message });
}

/** Seconds until a room ends: a day. */
const LIFETIME = 86_400;
