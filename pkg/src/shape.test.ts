import assert from "node:assert/strict";
import { test } from "node:test";
import { CrypTabError } from "./errors.ts";
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
  assert.deepEqual(shape.broadcastTo([3, 1], [2, 3, 4]), [2, 3, 4]);
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
    ),
    [3, 7],
  );
  assert.deepEqual(
    shape.concat(
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
  refuses(() => shape.broadcastTo([3], [2]), /broadcastTo/);
  refuses(() => shape.slice([4], [[0, 5, 1]]), /slice/);
  refuses(() => shape.slice([4], [[0, 4, 0]]), /slice/);
  refuses(() => shape.pad([4], []), /pad/);
  refuses(() => shape.concat([[2, 3], [3]], 0), /concat/);
  refuses(() => shape.concat([[2]], 1), /no axis 1/);
});

test("sums over axes", () => {
  assert.deepEqual(shape.reduce("sum", [2, 3, 4], [1], false), [2, 4]);
  assert.deepEqual(shape.reduce("sum", [2, 3, 4], [0, 2], true), [1, 3, 1]);
  refuses(() => shape.reduce("mean", [2], [1], false), /mean/);
  refuses(() => shape.reduce("sum", [2, 2], [1, 1], false), /sum/);
});
