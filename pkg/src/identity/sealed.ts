/**
 * Key pairs that outlive a visit. WebAssembly needs the secret itself, so it cannot be a key that the browser
 * never gives out; but the key that it is sealed with is one: a copy of the storage's files is worthless
 * wherever the browser keeps that key apart, and no script can carry it off.
 */
import type { Vault } from "../storage.ts";

/** The secret key in this place of the vault, which is made if there is none that can be read. */
export async function identityIn(vault: Vault, place: number): Promise<Uint8Array<ArrayBuffer>> {
  const wrapping = await wrappingKey(vault);
  const sealed = await vault.sealed(place);
  const additionalData = new TextEncoder().encode(`cryptab v1 identity ${place}`);
  if (sealed) {
    try {
      const { iv, bytes } = sealed;
      const secret = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, wrapping, bytes);
      if (secret.byteLength === SECRET) return new Uint8Array(secret);
    } catch {
      // Damaged, or sealed with a key that is lost.
    }
  }
  const secret = crypto.getRandomValues(new Uint8Array(SECRET));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, wrapping, secret);
  await vault.keepSealed(place, { iv, bytes });
  return secret;
}

async function wrappingKey(vault: Vault): Promise<CryptoKey> {
  const kept = await vault.wrappingKey();
  if (kept) return kept;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  await vault.keepWrappingKey(key);
  return key;
}

/** Bytes of an X25519 secret key. */
export const SECRET = 32;
