/** Whom a run waits for, in words. */
import type { Member } from "../client";
import type { Progress } from "../lobby/room-state";
import { formatNames } from "../ui/format";

export type Others = { members: readonly Member[]; online: boolean };

export function waitingWords(progress: Progress | undefined, others: Others): string {
  const absent = absentWords(others);
  if (absent) return absent;
  if (!progress) return "Waiting until everyone is ready";
  const { waitingFor } = progress;
  return waitingFor.length > 0 ? `Waiting for ${formatNames(waitingFor)}` : "Everyone is at work";
}

/** Who cannot be reached; nothing, when everyone can. */
export function absentWords({ members, online }: Others): string | undefined {
  const away = members.filter((member) => member.away).map(({ name }) => name);
  if (away.length === 0) return undefined;
  // Without the relay, whoever cannot be reached directly is away: it is this tab that is cut off.
  if (!online) return "The relay cannot be reached. Trying again";
  const are = away.length > 1 ? "are" : "is";
  return `${formatNames(away)} ${are} away. Waiting for ${formatNames(away)} to come back`;
}
