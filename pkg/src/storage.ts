/** What this browser keeps between visits. */
import type { Acquaintance } from "./events.ts";
import { done, KEYS, open, PEOPLE } from "./storage/database.ts";

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
