/** Everything after `#`: which page, and the invite when there is one. It never reaches a server. */
export type Route =
  | { page: "front" }
  | { page: "photo"; invite: string }
  | { page: "bench"; invite?: string };

/** Reads a fragment, with or without its `#`. */
export function parseRoute(fragment: string): Route {
  const text = fragment.startsWith("#") ? fragment.slice(1) : fragment;
  if (text === "") return { page: "front" };
  if (text === BENCH) return { page: "bench" };
  if (text.startsWith(`${BENCH}/`)) return { page: "bench", invite: text.slice(BENCH.length + 1) };
  return { page: "photo", invite: text };
}

/** The invite inside a full link; empty when there is none. */
export function inviteOf(link: string): string {
  const at = link.indexOf("#");
  return at < 0 ? "" : link.slice(at + 1);
}

/** The link to hand to people, from an invite and the page to open it on. */
export function linkTo(invite: string, page: "photo" | "bench", origin: string = location.origin): string {
  return page === "bench" ? `${origin}/#${BENCH}/${invite}` : `${origin}/#${invite}`;
}

/** Whether an invite could be one at all: base64url, and long enough to hold a room, a secret and a key. */
export function looksLikeInvite(invite: string): boolean {
  return invite.length >= SHORTEST_INVITE && /^[A-Za-z0-9_-]+$/.test(invite);
}

const BENCH = "bench";
// 16 bytes of room, 16 of secret and 32 of dealer key are 86 base64url characters.
const SHORTEST_INVITE = 86;
