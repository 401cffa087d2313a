/** Where a page learns how it may be reached from outside. */
import { isObject } from "../objects.ts";

/**
 * What the relay's site says of STUN and TURN servers; nothing, if it says nothing. Asked anew for each
 * connection: credentials may be good for a short time only.
 *
 * @throws {Error} when it says something that cannot be used: to go on without it might tell others more of
 * this page's address than the site means them to learn.
 */
export async function iceConfiguration(site: string): Promise<RTCConfiguration> {
  const answer = await fetch(new URL("/ice", site), {
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status === 404 || answer.status === 204) return {};
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return parseIce(await answer.json());
}

/** @throws {Error} that says what is wrong */
export function parseIce(said: unknown): RTCConfiguration {
  if (!isObject(said)) throw new Error("it is no object");
  const { iceServers = [], iceTransportPolicy = "all" } = said;
  if (iceTransportPolicy !== "all" && iceTransportPolicy !== "relay")
    throw new Error("its iceTransportPolicy is neither all nor relay");
  if (!Array.isArray(iceServers)) throw new Error("its iceServers are no list");
  return { iceServers: iceServers.map(serverOf), iceTransportPolicy };
}

function serverOf(said: unknown): RTCIceServer {
  if (!isObject(said)) throw new Error("an ICE server is no object");
  const { urls: one, username, credential } = said;
  const urls: unknown[] = Array.isArray(one) ? one : [one];
  if (!urls.every(isAddress)) throw new Error("an ICE server has no stun: or turn: address");
  if (username === undefined && credential === undefined) return { urls };
  if (typeof username !== "string" || typeof credential !== "string")
    throw new Error("the credentials of an ICE server are no text");
  return { urls, username, credential };
}

function isAddress(url: unknown): url is string {
  return typeof url === "string" && /^(stun|turn)s?:\S+$/.test(url);
}

/** Milliseconds. */
const PATIENCE = 5_000;
