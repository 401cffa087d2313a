/** What a tab keeps for the time after a reload, under its name: a journal's entries, and values. */
import { done, JOURNALS, open } from "./database.ts";

export type Kind = "entry" | "value";

/** All of one kind, in order. */
export async function records<A>(tab: string, kind: Kind): Promise<A[]> {
  const store = (await open()).transaction(JOURNALS).objectStore(JOURNALS);
  return done<A[]>(store.getAll(ofKind(tab, kind)));
}

/** How many there are of one kind. */
export async function count(tab: string, kind: Kind): Promise<number> {
  const store = (await open()).transaction(JOURNALS).objectStore(JOURNALS);
  return done(store.count(ofKind(tab, kind)));
}

/** Something to be done, after all before it. */
export type Change = { put: unknown; kind: Kind; number: number } | "forget";

/** Makes all of these changes, or none; done when they will survive the machine. */
export async function change(tab: string, changes: readonly Change[]): Promise<void> {
  const database = await open();
  const transaction = database.transaction(JOURNALS, "readwrite", { durability: "strict" });
  const store = transaction.objectStore(JOURNALS);
  for (const change of changes) {
    if (change === "forget") for (const kind of KINDS) store.delete(ofKind(tab, kind));
    else store.put(change.put, [tab, change.kind, change.number]);
  }
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the browser refused"));
    transaction.commit();
  });
}

/** Begins what this tab keeps, and forgets what tabs have left that did not come back within a day. */
export async function begin(tab: string, now: number): Promise<void> {
  const store = (await open()).transaction(JOURNALS, "readwrite").objectStore(JOURNALS);
  const keys = await done(store.getAllKeys());
  for (const key of keys) {
    if (!Array.isArray(key) || key[1] !== BEGUN) continue;
    const [name] = key;
    const since = await done<unknown>(store.get(key));
    if (name !== tab && !(typeof since === "number" && now - since < DAY)) store.delete(of(String(name)));
  }
  await done(store.put(now, [tab, BEGUN]));
}

function of(tab: string): IDBKeyRange {
  return IDBKeyRange.bound([tab], [tab, []]);
}

function ofKind(tab: string, kind: Kind): IDBKeyRange {
  return IDBKeyRange.bound([tab, kind], [tab, kind, []]);
}

const KINDS: readonly Kind[] = ["entry", "value"];
const BEGUN = "begun";
/** Milliseconds; a room does not live longer. */
const DAY = 86_400_000;
