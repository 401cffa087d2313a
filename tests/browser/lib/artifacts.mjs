// What a run leaves behind to look at: screenshots, logs, figures.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const ARTIFACTS = process.env.CRYPTAB_ARTIFACTS ?? join(ROOT, "artifacts", "browser");

/** The path of an artifact; its folder exists. */
export function artifact(name) {
  mkdirSync(ARTIFACTS, { recursive: true });
  return join(ARTIFACTS, name);
}

export function keep(name, content) {
  writeFileSync(artifact(name), content);
}
