import type { DealerState, Member } from "../client";
import { formatFingerprint } from "../ui/format";
import { MemberPath, PathHint } from "./member-path";
import { shortRole } from "./roles";

type MembersProps = { members: readonly Member[]; parties: number; dealer: DealerState };

/** Who is here, in which role, and whether the channel to them is sealed. */
export function Members({ members, parties, dealer }: MembersProps) {
  const free = Math.max(0, parties - members.length);
  return (
    <>
      <ul class="members">
        {members.map((member) => (
          <MemberRow key={member.slot} member={member} />
        ))}
        {Array.from({ length: free }, (_, seat) => (
          <li key={`free-${seat}`} class="member free" data-testid="free-seat">
            <span class="member-name">Free place</span>
            <span class="member-state">waiting for someone to open the link</span>
          </li>
        ))}
        <li class="member dealer" data-testid="dealer" data-state={dealer}>
          <span class="member-name">Dealer</span>
          <span class="member-role">random numbers only</span>
          <Seal state={dealer} />
        </li>
      </ul>
      <PathHint members={members} />
      <p class="hint">
        Read a fingerprint to each other over another channel: if it is the same on both screens, nobody sits
        in between.
      </p>
    </>
  );
}

function MemberRow({ member }: { member: Member }) {
  const sealed = member.sealed || member.you;
  return (
    <li
      class="member"
      data-testid="member"
      data-role={member.role}
      data-sealed={sealed}
      data-you={member.you}
      data-path={member.path}
      data-away={member.away}
    >
      <span class="member-name">
        {member.name}
        {member.you && <span class="you">you</span>}
      </span>
      <span class="member-role">{shortRole(member.role)}</span>
      {!member.you && <Seal state={member.sealed ? "sealed" : "connecting"} />}
      {!member.you && member.sealed && <MemberPath member={member} />}
      {member.fingerprint && (
        <span class="fingerprint mono" data-testid="fingerprint">
          {formatFingerprint(member.fingerprint)}
        </span>
      )}
    </li>
  );
}

function Seal({ state }: { state: DealerState }) {
  return (
    <span class={`seal ${state}`}>
      <svg viewBox="0 0 12 14" aria-hidden="true">
        <rect x="1" y="6" width="10" height="7" rx="1.5" fill="currentColor" />
        <path d={state === "sealed" ? "M3 6V4a3 3 0 0 1 6 0v2" : "M3 6V4a3 3 0 0 1 5.500-1.700"} />
      </svg>
      {SEAL_WORDS[state]}
    </span>
  );
}

const SEAL_WORDS: Record<DealerState, string> = {
  sealed: "sealed",
  waiting: "waiting",
  connecting: "sealing…",
  lost: "lost",
};
