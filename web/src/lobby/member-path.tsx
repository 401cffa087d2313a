/** Which way messages to a member take, and whether it can be reached at all. */
import type { Member } from "../client";

export function MemberPath({ member }: { member: Member }) {
  if (member.away)
    return (
      <span class="member-path away" data-testid="member-path">
        away, waiting for {member.name} to come back
      </span>
    );
  return (
    <span class={`member-path ${member.path}`} data-testid="member-path">
      <svg viewBox="0 0 28 10" aria-hidden="true">
        <circle cx="3" cy="5" r="3" fill="currentColor" />
        <circle cx="25" cy="5" r="3" fill="currentColor" />
        <path d="M6 5h16" stroke="currentColor" stroke-width="1.6" />
        {member.path === "relay" && <rect x="10.500" y="1.500" width="7" height="7" fill="currentColor" />}
      </svg>
      {WORDS[member.path]}
    </span>
  );
}

/** What the ways mean, once there is one. */
export function PathHint({ members }: { members: readonly Member[] }) {
  const ways = new Set(members.filter(({ you, sealed }) => !you && sealed).map(({ path }) => path));
  if (ways.size === 0) return null;
  return (
    <p class="hint">
      {ways.has("direct") && "Direct: from tab to tab, with no server in between. "}
      {ways.has("relay") && "Through the relay: passed on by this site's server. "}
      Sealed end to end.
    </p>
  );
}

const WORDS: Record<Member["path"], string> = { direct: "direct", relay: "through the relay" };
