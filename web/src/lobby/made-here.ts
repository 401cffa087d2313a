/** Which rooms this tab made itself; forgotten when the tab is closed or reloaded. */
const made = new Set<string>();

export function rememberMade(invite: string): void {
  made.add(invite);
}

export function madeHere(invite: string): boolean {
  return made.has(invite);
}
