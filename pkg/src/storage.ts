/** What this browser keeps between visits: one IndexedDB, of which every tab of the site sees the same. */
import type { Acquaintance } from "./events.ts";

/** A key pair's secret half, sealed; useless without the wrapping key, which cannot be read out. */
export type Sealed = { iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer };

/** Where keys are kept. */
export type Vault = {
  wrappingKey(): Promise<CryptoKey | undefined>;
  keepWrappingKey(key: CryptoKey): Promise<void>;
  sealed(place: number): Promise<Sealed | undefined>;
  keepSealed(place: number, sealed: Sealed): Promise<void>;
};

/** The vault of this browser. @throws where there is none, as in some private windows. */
export async function openVault(): Promise<Vault> {
  const database = await open();
  const get = <V>(name: string) =>
    done<V | undefined>(database.transaction(KEYS).objectStore(KEYS).get(name));
  const put = async (name: string, value: unknown) => {
    await done(database.transaction(KEYS, "readwrite").objectStore(KEYS).put(value, name));
  };
  return {
    wrappingKey: () => get("wrapping"),
    keepWrappingKey: (key) => put("wrapping", key),
    sealed: (place) => get(`identity ${place}`),
    keepSealed: (place, sealed) => put(`identity ${place}`, sealed),
  };
}

/** Whom this browser has met; nobody where nothing can be kept. */
export async function acquaintances(): Promise<Acquaintance[]> {
  try {
    const database = await open();
    return await done<Acquaintance[]>(database.transaction(PEOPLE).objectStore(PEOPLE).getAll());
  } catch {
    return [];
  }
}

/** Keeps someone, instead of what was kept of the same name and key. */
export async function keepAcquaintance(acquaintance: Acquaintance): Promise<void> {
  try {
    const database = await open();
    await done(database.transaction(PEOPLE, "readwrite").objectStore(PEOPLE).put(acquaintance));
  } catch {
    // Nothing can be kept here: they meet as strangers next time.
  }
}

let opened: Promise<IDBDatabase> | undefined;

/** The database, opened once and for as long as it stays open. */
function open(): Promise<IDBDatabase> {
  if (opened) return opened;
  const opening = openAnew(() => {
    if (opened === opening) opened = undefined;
  });
  opened = opening;
  return opening;
}

/** `onGone` is called when it could not be opened, or is open no longer. */
function openAnew(onGone: () => void): Promise<IDBDatabase> {
  const opening = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("cryptab", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEYS);
      request.result.createObjectStore(PEOPLE, { keyPath: ["name", "key"] });
    };
    request.onblocked = () => reject(new Error("the browser's storage is busy"));
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = onGone;
      // Another tab deletes it, or has a later version: it waits until all others have closed it.
      database.onversionchange = () => {
        database.close();
        onGone();
      };
      resolve(database);
    };
  });
  opening.catch(onGone);
  return opening;
}

function done<A>(request: IDBRequest<A>): Promise<A> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const KEYS = "keys";
const PEOPLE = "people";
