/** Whom a run waits for, in words. */
import type { Member } from "../client";
import type { Progress } from "../lobby/room-state";
import { formatNames } from "../ui/format";

export type Others = { members: readonly Member[]; online: boolean };

export function waitingWords(progress: Progress | undefined, { members, online }: Others): string {
  const away = members.filter((member) => member.away).map(({ name }) => name);
  // Without the relay, whoever cannot be reached directly is away: it is this tab that is cut off.
  if (away.length > 0 && !online) return "The relay cannot be reached. Trying again";
  if (away.length > 0) {
    const are = away.length > 1 ? "are" : "is";
    return `${formatNames(away)} ${are} away. Waiting for ${formatNames(away)} to come back`;
  }
  if (!progress) return "Waiting until everyone is ready";
  const { waitingFor } = progress;
  return waitingFor.length > 0 ? `Waiting for ${formatNames(waitingFor)}` : "Everyone is at work";
}
