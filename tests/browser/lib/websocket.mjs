// What a recorded connection said: HTTP heads and, after an upgrade, the payloads of WebSocket frames, unmasked.

/**
 * Reads one direction of a connection.
 * @param {Buffer} bytes everything sent in this direction
 * @returns {{ head: string, payload: Buffer } | undefined} `undefined` when the connection was no WebSocket
 */
export function readWebSocket(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end);
  if (!/^upgrade: *websocket/im.test(head)) return undefined;
  return { head, payload: Buffer.concat([...frames(bytes.subarray(end + 4))]) };
}

/** The payloads of all frames, the last of which may be cut short. */
function* frames(bytes) {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const masked = bytes[at + 1] >= 128;
    let length = bytes[at + 1] & 127;
    at += 2;
    if (length === 126) {
      length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0;
      at += 2;
    } else if (length === 127) {
      length = at + 8 <= bytes.length ? Number(bytes.readBigUInt64BE(at)) : 0;
      at += 8;
    }
    const key = masked ? bytes.subarray(at, at + 4) : undefined;
    at += masked ? 4 : 0;
    const payload = bytes.subarray(at, at + length);
    yield key ? unmask(payload, key) : payload;
    at += length;
  }
}

function unmask(payload, key) {
  const clear = Buffer.allocUnsafe(payload.length);
  for (let i = 0; i < payload.length; i += 1) clear[i] = payload[i] ^ key[i & 3];
  return clear;
}
