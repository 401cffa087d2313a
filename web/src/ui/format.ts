/** Numbers as people read them. */

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${["B", "kB", "MB", "GB"][power]}`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ms`;
  return seconds < 10 ? `${seconds.toFixed(2)} s` : `${seconds.toFixed(1)} s`;
}

export function formatError(error: number): string {
  if (error === 0) return "0";
  return error < 0.01 ? error.toExponential(1) : error.toPrecision(2);
}

/** "Ana", "Ana and Ben", "Ana, Ben and Cy". */
export function formatNames(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** A fingerprint in groups of four, easier to compare aloud; words are left alone. */
export function formatFingerprint(fingerprint: string): string {
  return /^[0-9a-f]+$/i.test(fingerprint) ? (fingerprint.match(/.{1,4}/g) ?? []).join(" ") : fingerprint;
}
