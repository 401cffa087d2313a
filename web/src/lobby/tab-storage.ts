/** What a tab keeps of a room while it lives, also over a reload. */

/** The session storage; nothing where the browser has none for this page. */
export function tabStorage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

/**
 * The key of `what` in the room that an invite leads to. All invites to a room begin alike: with the version and
 * the room's name, which fill 22 characters; the secret comes later.
 */
export function keyOf(what: string, invite: string): string {
  return `cryptab:${what}:${invite.slice(0, 22)}`;
}
