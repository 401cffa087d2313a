import type { DealerState, Member } from "../client";
import { formatFingerprint } from "../ui/format";
import { MemberPath, PathHint } from "./member-path";
import { shortRole } from "./roles";

type MembersProps = {
  members: readonly Member[];
  parties: number;
  dealer: DealerState;
  /** There are words to compare, which say more than fingerprints. */
  compared: boolean;
  onAccept: (slot: number) => void;
  /** Where this tab made the room. */
  onRemove?: ((member: Member) => void) | undefined;
};

/** Who is here, in which role, and whether the channel to them is sealed. */
export function Members({ members, parties, dealer, compared, onAccept, onRemove }: MembersProps) {
  const free = Math.max(0, parties - members.length);
  return (
    <>
      <ul class="members">
        {members.map((member) => (
          <MemberRow
            key={member.slot}
            member={member}
            compared={compared}
            onAccept={() => onAccept(member.slot)}
            onRemove={onRemove}
          />
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
      {!compared && (
        <p class="hint">
          Once everyone is here, there are words to compare: they show whether somebody sits in between.
        </p>
      )}
    </>
  );
}

type MemberRowProps = { member: Member; onAccept: () => void } & Pick<MembersProps, "compared" | "onRemove">;

function MemberRow({ member, compared, onAccept, onRemove }: MemberRowProps) {
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
        {member.verified && (
          <span class="verified" data-testid="verified">
            verified
          </span>
        )}
      </span>
      <span class="member-role">{shortRole(member.role)}</span>
      {!member.you && !member.away && <Seal state={member.sealed ? "sealed" : "connecting"} />}
      {!member.you && member.sealed && <MemberPath member={member} />}
      {member.fingerprint && (
        <span class="fingerprint mono" data-testid="fingerprint">
          {formatFingerprint(member.fingerprint)}
        </span>
      )}
      {member.changedKey && <ChangedKey name={member.name} compared={compared} onAccept={onAccept} />}
      {onRemove && member.token && !member.you && (
        <button
          type="button"
          class="button quiet"
          data-testid="remove-member"
          aria-label={`Remove ${member.name}`}
          onClick={() => onRemove(member)}
        >
          Remove
        </button>
      )}
    </li>
  );
}

type ChangedKeyProps = { name: string; compared: boolean; onAccept: () => void };

/** A name that is known, with a key that is not. */
function ChangedKey({ name, compared, onAccept }: ChangedKeyProps) {
  return (
    <div class="changed-key" role="alert" data-testid="changed-key">
      <p>
        <strong>{name}’s key is not the one from last time.</strong> Another device of the same person, or
        someone else under this name?{" "}
        {compared
          ? "Compare the words below before you go on."
          : "Before you go on, compare the words that come once everyone is here."}
      </p>
      <button type="button" class="button" data-testid="accept-key" onClick={onAccept}>
        Accept the new key
      </button>
    </div>
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
