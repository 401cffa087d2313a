import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeSignal, encodeSignal, type Signal } from "./signal.ts";

const SDP = "v=0\r\ns=-\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n";
const CANDIDATE = "candidate:1 1 udp 2113937151 10.0.0.1 47776 typ host";

const bytes = (said: unknown) => new TextEncoder().encode(JSON.stringify(said));

test("what one side encodes the other one decodes", () => {
  const signals: Signal[] = [
    { type: "offer", sdp: SDP },
    { type: "answer", sdp: SDP },
    { type: "candidate", candidate: CANDIDATE, sdpMid: "0", sdpMLineIndex: 0 },
    { type: "candidate", candidate: CANDIDATE, sdpMid: null, sdpMLineIndex: null },
    { type: "candidate", candidate: "", sdpMid: null, sdpMLineIndex: null },
  ];
  for (const signal of signals) assert.deepEqual(decodeSignal(encodeSignal(signal)), signal);
});

test("what is missing of a candidate is unknown, what is too much is dropped", () => {
  const decoded = decodeSignal(bytes({ type: "candidate", candidate: CANDIDATE, more: 1 }));
  assert.deepEqual(decoded, { type: "candidate", candidate: CANDIDATE, sdpMid: null, sdpMLineIndex: null });
});

test("what tabs do not understand is passed over", () => {
  for (const said of [{}, { type: "tcp", token: "ab", addresses: [] }, { type: "rollback" }])
    assert.equal(decodeSignal(bytes(said)), undefined);
});

test("what is malformed is refused", () => {
  const refused: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /no JSON/],
    [new Uint8Array([0x22, 0xff, 0x22]), /no JSON/],
    [bytes(null), /no object/],
    [bytes([]), /no object/],
    [bytes({ type: "offer" }), /no text/],
    [bytes({ type: "offer", sdp: "v=0\r\n" }), /data channels alone/],
    [bytes({ type: "answer", sdp: `${SDP}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n` }), /data channels alone/],
    [bytes({ type: "answer", sdp: `${SDP}\nm=video 9 UDP/TLS/RTP/SAVPF 96` }), /data channels alone/],
    [bytes({ type: "offer", sdp: SDP.replace("application", "audio") }), /data channels alone/],
    [bytes({ type: "candidate", candidate: 7 }), /malformed/],
    [bytes({ type: "candidate", candidate: `${CANDIDATE}\r\na=ice-lite` }), /malformed/],
    [bytes({ type: "candidate", candidate: CANDIDATE, sdpMid: 0 }), /malformed/],
    [bytes({ type: "candidate", candidate: CANDIDATE, sdpMLineIndex: "0" }), /malformed/],
    [bytes({ type: "offer", sdp: SDP + "a".repeat(65_536) }), /too long/],
  ];
  for (const [said, complaint] of refused) assert.throws(() => decodeSignal(said), complaint);
});
