/** Values that a tab keeps for the time after a reload, sealed with a key that the browser never gives out. */
import { openVault, type Sealed } from "../storage.ts";
import { change, count, records } from "./records.ts";

/** Keeps one more; done when it will survive the tab. @throws where nothing can be kept */
export async function keep(tab: string, value: Uint8Array<ArrayBuffer>): Promise<void> {
  const number = await count(tab, "value");
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt(parameters(tab, number, iv), await key(), value);
  await change(tab, [{ put: { iv, bytes } satisfies Sealed, kind: "value", number }]);
}

/** All that were kept, in order. @throws where one cannot be opened */
export async function kept(tab: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const sealed = await records<Sealed>(tab, "value");
  if (sealed.length === 0) return [];
  const wrapping = await key();
  return Promise.all(
    sealed.map(
      async ({ iv, bytes }, number) =>
        new Uint8Array(await crypto.subtle.decrypt(parameters(tab, number, iv), wrapping, bytes)),
    ),
  );
}

async function key(): Promise<CryptoKey> {
  const found = await (await openVault()).wrappingKey();
  if (!found) throw new Error("this browser has no key to seal with");
  return found;
}

/** Sealed for its place: values do not change places. */
function parameters(tab: string, number: number, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  const additionalData = new TextEncoder().encode(`cryptab v1 kept ${tab} ${number}`);
  return { name: "AES-GCM", iv, additionalData };
}
