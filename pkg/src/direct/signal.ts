/**
 * What the two sides of a direct connection tell each other for it to come about: JSON in UTF-8, the same that
 * native parties speak (`crates/net/src/direct/signal.rs`). It travels sealed, but whoever sends it may be
 * anything: it is checked here.
 */
import { isObject } from "../objects.ts";

export type Signal =
  | { type: "offer" | "answer"; sdp: string }
  /** One way to reach the sender; empty when there are no more. */
  | { type: "candidate"; candidate: string; sdpMid: string | null; sdpMLineIndex: number | null };

export function encodeSignal(signal: Signal): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(signal));
}

/**
 * Nothing, for what tabs do not understand: native parties know more ways, and later versions may.
 * @throws {Error} that says what is wrong
 */
export function decodeSignal(bytes: Uint8Array): Signal | undefined {
  if (bytes.length > LONGEST) throw new Error("a signal is too long");
  let said: unknown;
  try {
    said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Error("a signal is no JSON");
  }
  if (!isObject(said)) throw new Error("a signal is no object");
  switch (said.type) {
    case "offer":
    case "answer":
      return { type: said.type, sdp: dataOnly(said.sdp) };
    case "candidate": {
      const { candidate, sdpMid = null, sdpMLineIndex = null } = said;
      if (typeof candidate !== "string" || !/^(candidate:[^\r\n]*)?$/.test(candidate))
        throw new Error("a candidate is malformed");
      if (sdpMid !== null && typeof sdpMid !== "string") throw new Error("a candidate is malformed");
      if (sdpMLineIndex !== null && typeof sdpMLineIndex !== "number")
        throw new Error("a candidate is malformed");
      return { type: "candidate", candidate, sdpMid, sdpMLineIndex };
    }
    default:
      return undefined;
  }
}

/** A description of data channels and nothing else: whoever sends it gets no say over sound and pictures. */
function dataOnly(sdp: unknown): string {
  if (typeof sdp !== "string") throw new Error("a description is no text");
  const media = sdp.split(/[\r\n]+/).filter((line) => line.startsWith("m="));
  if (media.length !== 1 || !media[0]?.startsWith("m=application "))
    throw new Error("a description is not of data channels alone");
  return sdp;
}

/** Bytes; a description of data channels has one or two thousand. */
const LONGEST = 65_536;
