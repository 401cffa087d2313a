/** Who left, from who was there. */
import type { Member } from "../events.ts";

/**
 * The members that are gone. Whoever sits in a slot with another key is another one; a slot whose channel
 * is not sealed shows no key, and may still be the same.
 */
export function departed(before: readonly Member[], after: readonly Member[]): Member[] {
  // While this party itself is outside, nothing is known of the others.
  if (!after.some(({ you }) => you)) return [];
  return before.filter((member) => {
    const now = after.find(({ slot }) => slot === member.slot);
    if (!now) return true;
    return member.sealed && now.sealed && now.fingerprint !== member.fingerprint;
  });
}
