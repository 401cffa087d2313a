// Numbers that come later than the program. This file runs in the page.
import { createRoom, join } from "/dist/index.js";

/** Makes a room; gives its link. */
export async function open() {
  return (await createRoom({ parties: 2, program: "tensor" })).link;
}

/** Enters the room and records sigmoid(x), where alice has x, later; returns when the dealer is done. */
export async function record(link, name) {
  room = await join(link, { name });
  session = await room.ready();
  const numbers = new Promise((resolve, reject) => {
    enter = resolve;
    refuse = reject;
  });
  const x = session.input("alice", [2], name === "alice" ? numbers : undefined);
  y = x.sigmoid().reveal();
  y.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  await session.dealt();
  return settled;
}

/** The numbers are there; or not as they should be. */
export function come(numbers) {
  enter(numbers);
}

/** They will not come. */
export function stay(reason) {
  refuse(new Error(reason));
}

/** What comes out, or what is said instead. */
export function result() {
  return y.then(
    (values) => [...values],
    (error) => `${error.fault}: ${error.message}`,
  );
}

export function leave() {
  room.close();
}

let room;
let session;
let enter;
let refuse;
let y;
let settled = false;
