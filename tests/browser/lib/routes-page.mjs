// A party of the photo program in a page with the package and nothing else. This file runs in the page.
import { createRoom, join } from "/dist/index.js";

let room;
let result;
let wake = () => {};
/** Which ways messages to each peer took, in the order in which that changed. */
const ways = {};

export async function open(parties) {
  return (await createRoom({ parties, program: "photo" })).link;
}

/** Enters; done when everyone is here and sealed. */
export async function enter(link, name, role, route) {
  room = await join(link, { name, role, route, onEvent: notice });
  await room.ready();
}

function notice(event) {
  if (event.type !== "lobby") return;
  for (const { name, path, you, sealed } of event.members) {
    if (you || !sealed) continue;
    ways[name] ??= [];
    if (ways[name].at(-1) !== path) ways[name].push(path);
  }
  wake();
}

/** Waits until messages to a peer take this way. */
export async function untilWay(name, path) {
  while (ways[name]?.at(-1) !== path) {
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
}

export function waysTo(name) {
  return ways[name];
}

/** Starts to take part with a photo, and keeps the result in the page. */
export async function bring(file) {
  const bitmap = await createImageBitmap(await (await fetch(file)).blob());
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  result = room.photo({ image: context.getImageData(0, 0, width, height) });
}

export function adjust(adjust) {
  result = room.photo({ adjust });
}

/** Waits for the end of the run; gives the adjusted photo at its owner, and what the run has cost. */
export async function finished() {
  const { image, stats } = await result;
  if (!image) return { stats };
  let text = "";
  for (let at = 0; at < image.data.length; at += 32_768) {
    text += String.fromCharCode(...image.data.subarray(at, at + 32_768));
  }
  return { stats, width: image.width, height: image.height, data: btoa(text) };
}

/** The network of this tab fails, as far as direct connections go. */
export function breakDirect() {
  for (const peer of window.peers.splice(0)) peer.close();
}

export function leave() {
  room.close();
}
