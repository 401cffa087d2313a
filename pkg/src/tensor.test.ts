import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection } from "./connection.ts";
import { CrypTabError } from "./errors.ts";
import type { Member } from "./events.ts";
import type { ToWorker } from "./messages.ts";
import type { Operation } from "./operation.ts";
import { Session } from "./session.ts";

const ADA = { slot: 0, name: "Ada", you: true } as Member;

type Recorded = {
  session: Session;
  operations: () => Promise<Operation[]>;
  /** Another session of the same room, after this one. */
  next: () => Session;
};

/** A session whose operations are kept instead of sent; this party is Ada. */
function recorded(): Recorded {
  const kept: Operation[] = [];
  const connection: Pick<Connection, "tell" | "expect"> = {
    tell: (message: ToWorker) => {
      if (message.type === "record") kept.push(...message.operations);
    },
    expect: () => ({ request: 1, answer: new Promise(() => {}) }),
  };
  const next = () => new Session(connection as Connection, () => [ADA]);
  const session = next();
  const operations = async () => {
    await Promise.resolve();
    return kept.splice(0);
  };
  return { session, operations, next };
}

function refuses(work: () => unknown, pattern: RegExp): void {
  assert.throws(work, (error) => error instanceof CrypTabError && pattern.test(error.message));
}

test("functions are recorded as data", async () => {
  const { session, operations } = recorded();
  const x = session.constant([2, 3], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(x.softmax(-1).shape, [2, 3]);
  const [, softmax] = await operations();
  assert.deepEqual(softmax, {
    do: "make",
    tensors: [2],
    shapes: [[2, 3]],
    how: { do: "apply", name: "softmax", operands: [1], with: [1] },
  });
});

test("in-place functions change the tensor that they are called on", async () => {
  const { session, operations } = recorded();
  const x = session.constant([2, 3], [1, 2, 3, 4, 5, 6]);
  assert.equal(x.add_(x), x);
  const [, added] = await operations();
  assert.deepEqual(added, {
    do: "make",
    tensors: [1],
    shapes: [[2, 3]],
    how: { do: "apply", name: "add_", operands: [1, 1], with: [] },
  });
  refuses(() => session.constant([3], [1, 2, 3]).add_(x), /add_: the result has the shape \[2, 3\]/);
  refuses(() => x.matmul_(session.constant([3, 2], [1, 2, 3, 4, 5, 6])), /matmul_: .*\[2, 2\]/);
});

test("words have 64 bits", () => {
  const { session } = recorded();
  const x = session.constant([3], [1, 2, 3]).toBinary();
  assert.deepEqual(x.toBits().shape, [3, 64]);
  assert.deepEqual(x.toBits().fromBits().shape, [3]);
  assert.deepEqual(x.and(7, x).shape, [3]);
  refuses(() => x.fromBits(), /fromBits: the last axis of \[3\] has not 64/);
  refuses(() => x.shiftRight(64), /shiftRight: 64 is not between 0 and 63/);
});

test("several results are several tensors", async () => {
  const { session, operations } = recorded();
  const x = session.constant([2, 3], [1, 2, 3, 4, 5, 6]);
  const { values, indices } = x.max({ dim: 0, keepDim: true });
  assert.deepEqual(
    [values.shape, indices.shape],
    [
      [1, 3],
      [1, 3],
    ],
  );
  assert.deepEqual(
    x.split([1, 2], 1).map(({ shape }) => shape),
    [
      [2, 1],
      [2, 2],
    ],
  );
  const [, max, split] = await operations();
  assert.deepEqual(max?.do === "make" && max.tensors, [2, 3]);
  assert.deepEqual(split?.do === "make" && split.tensors, [4, 5]);
});

test("numbers are constants that all know", async () => {
  const { session, operations } = recorded();
  const x = session.constant([2], [1, 2]);
  assert.deepEqual(x.mul(0.5).shape, [2]);
  const [, half, mul] = await operations();
  assert.ok(half?.do === "make" && half.how.do === "constant");
  assert.deepEqual([half.shapes, [...half.how.data]], [[[]], [0.5]]);
  assert.ok(mul?.do === "make" && mul.how.do === "apply");
  assert.deepEqual(mul.how.operands, [1, 2]);
});

test("a flattened tensor has one axis", () => {
  const { session } = recorded();
  const x = session.constant([2, 3], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(x.argmax().shape, []);
  assert.deepEqual(x.prod().shape, []);
  assert.deepEqual(x.quantile([0.1, 0.9]).shape, [2]);
  assert.deepEqual(x.quantile(0.5, { dim: 0, keepDim: true }).shape, [1, 3]);
  assert.deepEqual([x.numel, x.ndim], [6, 2]);
});

test("misuse names the operation and the shapes", () => {
  const { session } = recorded();
  const x = session.constant([2, 3], [1, 2, 3, 4, 5, 6]);
  const stranger = recorded().session.constant([2, 3], [1, 2, 3, 4, 5, 6]);
  refuses(() => x.div(stranger), /div: the tensors belong to different sessions/);
  refuses(() => x.argmax({ dim: 2 }), /argmax: no axis 2 in \[2, 3\]/);
  refuses(() => x.maximum(session.constant([4], [1, 2, 3, 4])), /maximum: \[2, 3\] and \[4\] do not fit/);
  refuses(() => x.avgPool2d([2, 2, 2]), /avgPool2d: \[2, 2, 2\] for 2 axes/);
  refuses(() => x.gather(0, session.constant([1, 2], [0, 1])), /gather: indices \[1, 2\] into \[2, 3\]/);
  refuses(() => x.trace().diag(), /diag: \[\] is no matrix/);
  refuses(() => x.narrow(1, 2, 2), /narrow: 2 elements from 2 on of 3/);
  refuses(() => x.select(0, -3), /select: element -3 of 2/);
  refuses(() => x.clamp(2, 1), /clamp: the bounds 2 and 1 are crossed/);
});

test("promised data are recorded when they come, and in no other session", async () => {
  const { session, operations, next } = recorded();
  let come = (_: number[]) => {};
  const data = new Promise<number[]>((resolve) => {
    come = resolve;
  });
  session.input("Ada", [2], data);
  session.input("Ada", [1], Promise.resolve([7]));
  session.input("Ada", [1], Promise.resolve([7, 8]));
  await operations();
  const said = (await operations()).map((operation) => operation.do);
  assert.deepEqual(said.toSorted(), ["abandon", "enter"]);

  const other = next();
  other.input("Ada", [2], new Promise<number[]>(() => {}));
  assert.equal((await operations()).length, 1);
  come([1, 2]);
  await data;
  session.constant([1], [3]);
  assert.deepEqual(await operations(), [], "nothing of a session that is over");
  await assert.rejects(session.dealt(), /a session that is over/);
  await assert.rejects(session.cost(), /a session that is over/);
});
