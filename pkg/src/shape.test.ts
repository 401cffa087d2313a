import assert from "node:assert/strict";
import { test } from "node:test";
import { CrypTabError } from "./errors.ts";
import type { Window } from "./operation.ts";
import * as arranged from "./shape/rearrange.ts";
import * as window_ from "./shape/window.ts";
import * as shape from "./shape.ts";

function refuses(work: () => unknown, pattern: RegExp): void {
  assert.throws(work, (error) => error instanceof CrypTabError && pattern.test(error.message));
}

test("shapes broadcast from the end", () => {
  assert.deepEqual(shape.broadcast("add", [2, 1, 3], [4, 1]), [2, 4, 3]);
  assert.deepEqual(shape.broadcast("add", [], [5]), [5]);
  assert.deepEqual(shape.broadcast("add", [0, 1], [1, 3]), [0, 3]);
  refuses(() => shape.broadcast("add", [2, 3], [2]), /add: \[2, 3\] and \[2\] do not fit/);
});

test("matrix products follow the rank rules", () => {
  assert.deepEqual(shape.matmul([2, 3], [3, 4]), [2, 4]);
  assert.deepEqual(shape.matmul([3], [3]), []);
  assert.deepEqual(shape.matmul([3], [5, 3, 4]), [5, 4]);
  assert.deepEqual(shape.matmul([7, 1, 2, 3], [5, 3, 4]), [7, 5, 2, 4]);
  assert.deepEqual(shape.matmul([5, 2, 3], [3]), [5, 2]);
  refuses(() => shape.matmul([2, 3], [2, 3]), /matmul/);
  refuses(() => shape.matmul([], [1]), /matmul/);
});

test("convolutions", () => {
  const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 } as const;
  assert.deepEqual(shape.conv2d([1, 3, 8, 9], [4, 3, 3, 3], plain), [1, 4, 6, 7]);
  const much = { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 } as const;
  assert.deepEqual(shape.conv2d([2, 4, 13, 10], [6, 2, 3, 2], much), [2, 6, 7, 12]);
  refuses(() => shape.conv2d([1, 3, 8, 8], [4, 2, 3, 3], plain), /conv2d/);
  refuses(() => shape.conv2d([1, 3, 2, 2], [4, 3, 3, 3], plain), /conv2d/);
});

test("elements arranged otherwise", () => {
  assert.deepEqual(shape.reshape([2, 6], [3, 4]), [3, 4]);
  assert.deepEqual(shape.permute([2, 3, 4], [2, 0, 1]), [4, 2, 3]);
  assert.deepEqual(shape.broadcastTo("expand", [3, 1], [2, 3, 4]), [2, 3, 4]);
  assert.deepEqual(
    shape.slice(
      [10, 4],
      [
        [1, 10, 3],
        [0, 4, -1],
      ],
    ),
    [3, 4],
  );
  assert.deepEqual(
    shape.pad(
      [2, 3],
      [
        [1, 0],
        [2, 2],
      ],
      "constant",
    ),
    [3, 7],
  );
  assert.deepEqual(
    shape.concat(
      "concat",
      [
        [2, 3],
        [2, 5],
      ],
      1,
    ),
    [2, 8],
  );
  refuses(() => shape.reshape([2, 6], [5]), /reshape/);
  refuses(() => shape.permute([2, 3], [0, 0]), /permute/);
  refuses(() => shape.broadcastTo("expand", [3], [2]), /expand/);
  refuses(() => shape.slice([4], [[0, 5, 1]]), /slice/);
  refuses(() => shape.slice([4], [[0, 4, 0]]), /slice/);
  refuses(() => shape.pad([4], [], "constant"), /pad/);
  refuses(() => shape.concat("concat", [[2, 3], [3]], 0), /concat/);
  assert.deepEqual(shape.reshape([2, 6], [3, -1]), [3, 4]);
  refuses(() => shape.reshape([2, 6], [5, -1]), /reshape/);
  refuses(() => shape.reshape([2, 6], [-1, -1]), /reshape/);
});

test("borders take what there is", () => {
  assert.deepEqual(shape.pad([4], [[-1, 2]], "constant"), [5]);
  assert.deepEqual(shape.pad([4], [[3, 3]], "reflect"), [10]);
  assert.deepEqual(shape.pad([4], [[4, 4]], "circular"), [12]);
  assert.deepEqual(shape.pad([4], [[9, 0]], "replicate"), [13]);
  refuses(() => shape.pad([4], [[4, 0]], "reflect"), /pad: \[4, 0\] around axis 0 of \[4\]/);
  refuses(() => shape.pad([4], [[0, 5]], "circular"), /pad/);
  refuses(() => shape.pad([4], [[-1, 0]], "replicate"), /pad/);
  refuses(() => shape.pad([4], [[-3, -2]], "constant"), /pad/);
});

test("axes count from the end where they are negative", () => {
  assert.equal(shape.axis("softmax", [2, 3, 4], -1), 2);
  assert.equal(shape.place("unsqueeze", [2, 3], -1), 2);
  assert.deepEqual(shape.axes("sum", [2, 3, 4], undefined), [0, 1, 2]);
  assert.deepEqual(shape.axes("sum", [2, 3, 4], [-1, 0]), [2, 0]);
  refuses(() => shape.axis("softmax", [2, 3], 2), /softmax: no axis 2 in \[2, 3\]/);
  refuses(() => shape.axis("softmax", [2, 3], -3), /no axis -3/);
  refuses(() => shape.axis("softmax", [2, 3], 0.5), /no axis 0.5/);
  refuses(() => shape.axes("sum", [2, 2], [1, -1]), /sum: axes 1,-1 of \[2, 2\]/);
  refuses(() => shape.place("stack", [2], 2), /stack: no place 2/);
});

test("axes that are reduced", () => {
  assert.deepEqual(shape.reduce([2, 3, 4], [1], false), [2, 4]);
  assert.deepEqual(shape.reduce([2, 3, 4], [0, 2], true), [1, 3, 1]);
});

test("windows", () => {
  const pooled = (size: number, ...window: Window) => window_.pooled("maxPool1d", [3, size], [window])[1];
  assert.equal(pooled(5, 2, 2, 0, 1, false), 2);
  assert.equal(pooled(5, 2, 2, 0, 1, true), 3);
  assert.equal(pooled(3, 2, 2, 1, 1, false), 2);
  assert.equal(pooled(7, 3, 1, 0, 2, false), 3);
  // The last window would begin in the padding.
  assert.equal(pooled(2, 2, 2, 1, 1, true), 2);
  refuses(() => pooled(3, 4, 1, 0, 1, false), /maxPool1d: a window of kernel 4.* axis of 3/);
  refuses(() => pooled(9, 2, 2, 2, 1, false), /maxPool1d/);
  refuses(
    () =>
      window_.pooled(
        "maxPool2d",
        [4],
        [1, 2].map(() => [2, 2, 0, 1, false]),
      ),
    /2 windows over/,
  );
  assert.deepEqual(window_.adaptive("adaptiveMaxPool", [2, 7, 9], [3, 1]), [2, 3, 1]);
});

test("arrangements", () => {
  assert.deepEqual(arranged.transposed([2, 3, 4], 0, 2), [4, 3, 2]);
  assert.deepEqual(arranged.flattened([2, 3, 4], 1, 2), [2, 12]);
  assert.deepEqual(arranged.repeated([2, 3], [5, 1, 2]), [5, 2, 6]);
  assert.deepEqual(arranged.parts("split", 7, 3), [3, 3, 1]);
  assert.deepEqual(arranged.parts("split", 7, [3, 4]), [3, 4]);
  assert.deepEqual(arranged.unfolded([2, 7], 1, 3, 2), [2, 3, 3]);
  assert.deepEqual(arranged.diagonal("diagonal", [4, 2, 5], 1, 0, 2), [2, 4]);
  assert.deepEqual(arranged.diag([3], -1), [4, 4]);
  assert.deepEqual(arranged.diag([3, 4], 2), [2]);
  refuses(() => arranged.repeated([2, 3], [2]), /repeat/);
  refuses(() => arranged.parts("split", 7, [3, 3]), /split: \[3, 3\] do not add up to 7/);
  refuses(() => arranged.unfolded([7], 0, 8, 1), /unfold/);
  refuses(() => arranged.diagonal("diagonal", [2, 2], 0, 1, 1), /diagonal/);
  refuses(() => arranged.matrix("tril", [3]), /tril: \[3\] is no matrix/);
});
