import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIce } from "./ice.ts";

test("servers with and without credentials, one address or several", () => {
  const said = {
    iceServers: [
      { urls: "stun:stun.example:3478" },
      { urls: ["turn:turn.example?transport=udp", "turns:turn.example"], username: "17:a", credential: "x=" },
    ],
    iceTransportPolicy: "relay",
  };
  assert.deepEqual(parseIce(said), {
    iceServers: [
      { urls: ["stun:stun.example:3478"] },
      { urls: ["turn:turn.example?transport=udp", "turns:turn.example"], username: "17:a", credential: "x=" },
    ],
    iceTransportPolicy: "relay",
  });
  assert.deepEqual(parseIce({}), { iceServers: [], iceTransportPolicy: "all" });
});

test("what cannot be used is refused, not passed over", () => {
  const refused: [unknown, RegExp][] = [
    [null, /no object/],
    [[], /no object/],
    [{ iceTransportPolicy: "none" }, /neither/],
    [{ iceServers: {} }, /no list/],
    [{ iceServers: ["stun:x"] }, /no object/],
    [{ iceServers: [{}] }, /address/],
    [{ iceServers: [{ urls: ["stun:x", "https://x"] }] }, /address/],
    [{ iceServers: [{ urls: "turn:x", username: "a" }] }, /credentials/],
    [{ iceServers: [{ urls: "turn:x", username: 1, credential: "b" }] }, /credentials/],
  ];
  for (const [said, complaint] of refused) assert.throws(() => parseIce(said), complaint);
});
