// Invite links taken apart and put together again, to make links that no page makes: expired, of another program.
import { blake3 } from "@noble/hashes/blake3.js";

/**
 * @typedef {{ version: number, room: Buffer, secret: Buffer, dealerKey: Buffer, parties: number, program: string,
 *   expires: number, dealerUrl: string | undefined, ownership: Buffer }} Invite
 */

/** @returns {Invite} */
export function readInvite(link) {
  const bytes = Buffer.from(new URL(link).hash.slice(1), "base64url");
  const body = bytes.subarray(0, -CHECKSUM);
  if (!bytes.subarray(-CHECKSUM).equals(checksum(body))) throw new Error("the link's checksum is wrong");
  let at = 0;
  const take = (length) => body.subarray(at, (at += length));
  const number = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const [byte] = take(1);
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  return {
    version: take(1)[0],
    room: take(16),
    secret: take(number()),
    dealerKey: take(32),
    parties: take(1)[0],
    program: take(number()).toString(),
    expires: number(),
    dealerUrl: take(1)[0] === 1 ? take(number()).toString() : undefined,
    // Whose room it is, as it stands; the room's name is a hash of that and of some of the above.
    ownership: body.subarray(at),
  };
}

/** @param {Invite} invite */
export function writeInvite(origin, invite) {
  const counted = (bytes) => [number(bytes.length), Buffer.from(bytes)];
  const body = Buffer.concat([
    Buffer.of(invite.version),
    invite.room,
    ...counted(invite.secret),
    invite.dealerKey,
    Buffer.of(invite.parties),
    ...counted(Buffer.from(invite.program)),
    number(invite.expires),
    ...(invite.dealerUrl === undefined ? [Buffer.of(0)] : [Buffer.of(1), ...counted(Buffer.from(invite.dealerUrl))]),
    invite.ownership,
  ]);
  return `${origin}/#${Buffer.concat([body, checksum(body)]).toString("base64url")}`;
}

/** The same invite with some of its fields changed. */
export function alteredLink(link, change) {
  return writeInvite(new URL(link).origin, { ...readInvite(link), ...change });
}

/** postcard's form of an unsigned number: seven bits a byte, least first. */
function number(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

function checksum(body) {
  const context = Buffer.from("cryptab v1 invite link checksum");
  return Buffer.from(blake3(body, { context, dkLen: CHECKSUM }));
}

/** What stands for a room without an owner. */
export const OWNERLESS = Buffer.of(0);

const CHECKSUM = 4;
