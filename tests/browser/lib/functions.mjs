// Every function of the package between two tabs, against the clear computation. This file runs in the page.
import { createRoom, join } from "/dist/index.js";

/** Makes a room; gives its link. */
export async function open() {
  return (await createRoom({ parties: 2, program: "tensor" })).link;
}

/** Enters the room as this party and runs all cases; gives what is wrong, and what was not called. */
export async function run(link, name) {
  room = await join(link, { name });
  return runIn(await room.ready(), name);
}

/** Leaves, once the other one is done too: a session ends for both. */
export function leave() {
  room.close();
}

let room;

async function runIn(session, name) {
  const data = made();
  const enter = (owner, key, fracBits) => {
    const { shape, values } = data[key];
    const options = fracBits === undefined ? {} : { fracBits };
    return session.input(owner, shape, owner === name ? values : undefined, options);
  };
  const called = new Set();
  const tensors = {
    a: enter("alice", "a"),
    b: enter("bob", "b"),
    p: enter("bob", "p"),
    m: enter("alice", "m"),
    n: enter("bob", "n"),
    t: enter("alice", "t"),
    line: enter("bob", "line"),
    image: enter("alice", "image"),
    kernel: enter("bob", "kernel"),
    volume: enter("bob", "volume"),
    index: enter("alice", "index", 0),
    places: enter("bob", "places", 0),
    inner: enter("alice", "inner", 0),
    u: enter("alice", "u", 0),
    v: enter("bob", "v", 0),
  };
  const functions = watch(tensors.a, called);
  const wrong = [];
  const pending = [];
  for (const [title, program, expected, bound = () => 0] of cases(session, tensors, data)) {
    const result = program();
    const [results, rights] = Array.isArray(result) ? [result, expected] : [[result], [expected]];
    const values = Promise.all(results.map((part) => part.reveal()));
    pending.push(
      values.then(
        (found) => {
          const error = found.map((part, at) => compare(part, rights[at], bound)).find((text) => text);
          if (error) wrong.push(`${title}: ${error}`);
        },
        (error) => wrong.push(`${title}: ${error.message}`),
      ),
    );
  }
  const cost = await session.cost();
  await Promise.all(pending);
  await others(session, tensors, data, name, wrong, called);
  const missing = functions.filter((method) => !called.has(method));
  return { wrong, missing, cost, cases: pending.length };
}

/** Reveals to one party, local shares, kinds, shuffles; and misuse, which the page notices at once. */
async function others(session, { a, index }, data, name, wrong, called) {
  const expect = (holds, what) => holds || wrong.push(what);
  const seen = await a.revealTo("bob");
  expect((seen !== undefined) === (name === "bob"), "revealTo: the wrong party has it");
  const shares = await a.neg().localShare();
  expect(shares instanceof BigUint64Array && shares.length === a.numel, "localShare");
  const [number, bit, integer, word] = await Promise.all([a, a.lt(0), index, a.toBinary()].map((x) => x.kind()));
  expect(word.isBinary && word.fracBits === 16 && !number.isBinary, "kind of words");
  expect(number.fracBits === 16 && !number.isBit && !number.isPublic, "kind of numbers");
  expect(bit.isBit && integer.fracBits === 0, "kind of bits and integers");
  const shuffled = await a.flatten().shuffle().reveal();
  const sorted = [...data.a.values].sort((x, y) => x - y);
  expect(!compare(shuffled.slice().sort(), sorted, () => 0), "shuffle: other elements");
  expect(shuffled.some((value, at) => value !== data.a.values[at]), "shuffle: the same order");
  await drawings(session, expect);
  for (const [misuse, pattern] of MISUSES) {
    try {
      misuse(session, a);
      wrong.push(`${pattern}: was accepted`);
    } catch (error) {
      expect(error.fault === "misuse" && pattern.test(error.message), `${pattern}: ${error.message}`);
    }
  }
  const changed = a.add(0).copy_(a.lt(0)).and_(a.lt(0));
  const refused = await changed.reveal().catch((error) => error);
  expect(refused.fault === "misuse", `and_ of numbers: ${refused.message}`);
  // What only the engine knows comes with the result.
  const bits = await a.and(a).reveal().catch((error) => error);
  expect(bits.fault === "misuse" && /and: takes bits/.test(bits.message), `and of numbers: ${bits.message}`);
  called.add("ndim").add("numel");
}

/** Random values: their range, and their moments within five deviations. */
async function drawings(session, expect) {
  const COUNT = 4000;
  const quarter = session.constant([], [0.25]).broadcastTo([COUNT]);
  const ones = session.constant([], [1]).broadcastTo([COUNT]);
  const drawn = [
    session.rand([COUNT]),
    session.rand([COUNT]),
    session.randn([COUNT]),
    session.randint(-5, 4000, [COUNT]),
    quarter.bernoulli(),
    ones.dropout(0.75),
    session.randperm(50),
  ];
  const [uniform, again, normal, integers, flips, dropped, permutation] = await Promise.all(
    drawn.map((tensor) => tensor.reveal()),
  );
  const mean = (values) => values.reduce((x, y) => x + y, 0) / values.length;
  const near = (values, of, deviation) => Math.abs(mean(values) - of) < (5 * deviation) / Math.sqrt(COUNT);
  expect(uniform.every((x) => x >= 0 && x < 1 && Number.isInteger(x / UNIT)), "rand: the range");
  expect(near(uniform, 0.5, 0.289) && near(uniform.map((x) => x * x), 1 / 3, 0.299), "rand: the moments");
  expect(uniform.some((x, at) => x !== again[at]), "rand: the same again");
  expect(near(normal, 0, 1) && near(normal.map((x) => x * x), 1, Math.SQRT2), "randn: the moments");
  expect(integers.every((x) => Number.isInteger(x) && x >= -5 && x < 4000), "randint: the range");
  expect(near(integers, 1997, 1156.2), "randint: the mean");
  expect(flips.every((x) => x === 0 || x === 1) && near(flips, 0.25, 0.434), "bernoulli");
  expect(dropped.every((x) => x === 0 || Math.abs(x - 4) <= 3 * UNIT) && near(dropped, 1, Math.sqrt(3)), "dropout");
  expect(permutation.some((x, at) => x !== at), "randperm: the same order");
  expect(!compare(permutation.slice().sort(), Array.from(permutation, (_, at) => at), () => 0), "randperm");
}

const MISUSES = [
  [(_, a) => a.softmax(3), /softmax: no axis 3 in \[2, 3, 4\]/],
  [(_, a) => a.sum({ dim: [0, -3] }), /sum: axes 0,-3 of \[2, 3, 4\]/],
  [(_, a) => a.matmul(a), /matmul: \[2, 3, 4\] and \[2, 3, 4\] do not fit/],
  [(_, a) => a.maxPool2d(5), /maxPool2d: a window of kernel 5.*axis of 3/],
  [(_, a) => a.topk(5), /topk: 5 of 4 elements/],
  [(_, a) => a.split([1, 2], 0), /split: \[1, 2\] do not add up to 2/],
  [(_, a) => a.select(0, 0).add_(a), /add_: the result has the shape \[2, 3, 4\], the tensor \[3, 4\]/],
  [(_, a) => a.toBinary().shiftLeft(64), /shiftLeft: 64 is not between 0 and 63/],
  [(session) => session.randint(3, 3, [1]), /randint: from 3 to 3/],
  [(session, a) => session.concat([a, a.select(0, 0)], 0), /concat: \[2, 3, 4\] and \[3, 4\]/],
];

/** Notes which functions are called; gives the names of all there are. */
function watch(tensor, called) {
  const names = [];
  for (let of = Object.getPrototypeOf(tensor); of !== Object.prototype; of = Object.getPrototypeOf(of)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
      if (typeof value !== "function" || HIDDEN.has(name)) continue;
      names.push(name);
      of[name] = function (...given) {
        called.add(name);
        return value.apply(this, given);
      };
    }
  }
  return names;
}

/** Protected: for other parts of the tensor's face alone. */
const HIDDEN = new Set(["constructor", "change", "one", "many", "found", "operand", "axis", "axes", "elementwise"]);

function compare(found, expected, bound) {
  const right = Array.from(expected, Number);
  if (found.length !== right.length) return `${found.length} numbers instead of ${right.length}`;
  for (const [at, value] of right.entries()) {
    if (!(Math.abs(found[at] - value) <= bound(value))) return `${found[at]} instead of ${value} at ${at}`;
  }
  return undefined;
}

const UNIT = 2 ** -16;
const oneUnit = () => UNIT;
const smooth = (value) => 2 ** -14 * Math.max(1, Math.abs(value));

/** The same made-up data in both tabs; each passes on only its own. */
function made() {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 32 + 0.5;
  };
  const numbers = (shape, low, high) => ({
    shape,
    values: Array.from({ length: count(shape) }, () => Math.round((low + (high - low) * next()) * 256) / 256),
  });
  const integers = (shape, below) => ({
    shape,
    values: Array.from({ length: count(shape) }, () => Math.floor(next() * below)),
  });
  const a = numbers([2, 3, 4], -4, 4);
  // Some equal elements, for comparisons and ties.
  a.values[5] = a.values[7];
  const b = numbers([2, 3, 4], -4, 4);
  b.values[3] = a.values[3];
  b.values[10] = a.values[10];
  return {
    a,
    b,
    p: numbers([2, 3, 4], 0.25, 9),
    m: numbers([3, 5], -4, 4),
    n: numbers([5, 2], -4, 4),
    t: numbers([6, 2], -4, 4),
    line: numbers([2, 9], -4, 4),
    image: numbers([1, 2, 6, 5], -4, 4),
    kernel: numbers([2, 1, 3, 2], -1, 1),
    volume: numbers([2, 4, 4, 4], -4, 4),
    index: integers([5], 6),
    places: integers([2, 2], 24),
    inner: integers([2, 2, 4], 3),
    u: integers([7], 1000),
    v: integers([7], 1000),
  };
}

function cases(session, tensors, data) {
  const { a, b, p, m, n, t, line, image, kernel, volume, index, places, inner, u, v } = tensors;
  const [U, V] = [data.u.values, data.v.values];
  // Sums are known to nobody.
  const words = () => [u.sub(v).toBinary(), v.toBinary()];
  const ofWords = (name, program, f) => [name, () => program(...words()), U.map((x, i) => f(x - V[i], V[i]))];
  const inPlace = (name, f, ...given) => [
    name,
    () => {
      const x = a.add(0);
      const second = x;
      x[name](...given);
      return second;
    },
    A.map(f),
    () => 2 * UNIT,
  ];
  const [A, B, P] = [data.a.values, data.b.values, data.p.values];
  const positive = P.map((value) => 1 + value);
  const each = (name, f, bound) => [name, () => a[name](), A.map(f), bound];
  const ofPositive = (name, f) => [name, () => p[name](), P.map(f), smooth];
  const pairs = (name, f, bound) => [name, () => a[name](b), A.map((value, at) => f(value, B[at])), bound];
  const rows = (f) => lines(data.a, f);
  const up = (x, y) => x - y;
  const order = (row, down) => {
    const at = row.map((_, place) => place);
    return at.sort((i, j) => (down ? row[j] - row[i] : row[i] - row[j]) || i - j);
  };
  const bits = () => [a.lt(b), a.lt(0), b.lt(0)];
  const [less, negA, negB] = [A.map((x, at) => x < B[at]), A.map((x) => x < 0), B.map((x) => x < 0)];
  const at = (...path) => A[(path[0] * 3 + path[1]) * 4 + path[2]];
  const table = grid([2, 3, 4], at);
  const pooled = (f, options) => windows1(data.line, f, options);
  const largest = (values) => Math.max(...values);
  const mean = (values) => values.reduce((x, y) => x + y, 0) / values.length;
  const total = (values) => values.reduce((x, y) => x + y, 0);
  const place = (values) => values.indexOf(largest(values));
  const variance = (values, correction) =>
    total(values.map((x) => (x - mean(values)) ** 2)) / (values.length - correction);
  const soft = (row) => {
    const powers = row.map(Math.exp);
    return powers.map((power) => power / total(powers));
  };
  const matrix = (f) => grid([3, 5], (i, j) => f(i, j, data.m.values[i * 5 + j]));
  const quantile = (row, q) => {
    const sorted = [...row].sort(up);
    const rank = q * (row.length - 1);
    const [low, high] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
    return low + (high - low) * (rank - Math.floor(rank));
  };
  return [
    // Arithmetic.
    pairs("add", (x, y) => x + y),
    ["add a number", () => a.add(1.5), A.map((x) => x + 1.5)],
    pairs("sub", (x, y) => x - y),
    each("neg", (x) => -x),
    pairs("mul", (x, y) => x * y, oneUnit),
    ["mul, 20 bits", () => a.mul(b, { fracBits: 20 }), A.map((x, i) => x * B[i]), () => 2 ** -20],
    each("square", (x) => x * x, oneUnit),
    ["matmul", () => m.matmul(n), product(data.m, data.n), oneUnit],
    ["matmul, 20 bits", () => m.matmul(n, { fracBits: 20 }), product(data.m, data.n), () => 2 ** -20],
    [
      "conv2d",
      () => image.conv2d(kernel, { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 }),
      convolved(data.image, data.kernel),
      oneUnit,
    ],
    each("masked", (x) => x),
    ["rescale", () => a.rescale(20).rescale(8), A, () => 2 ** -8],
    ["constant", () => session.constant([2], [0.5, 3], { fracBits: 4 }), [0.5, 3]],
    // Smooth functions.
    each("cos", Math.cos, smooth),
    each("sin", Math.sin, smooth),
    each("sigmoid", (x) => 1 / (1 + Math.exp(-x)), smooth),
    each("tanh", Math.tanh, smooth),
    each("erf", erf, smooth),
    each("gelu", (x) => (x * (1 + erf(x / Math.SQRT2))) / 2, smooth),
    each("silu", (x) => x / (1 + Math.exp(-x)), smooth),
    each("softplus", (x) => Math.log1p(Math.exp(x)), smooth),
    each("exp", Math.exp, smooth),
    ofPositive("reciprocal", (x) => 1 / x),
    ofPositive("reciprocalPositive", (x) => 1 / x),
    ofPositive("rsqrt", (x) => 1 / Math.sqrt(x)),
    ofPositive("sqrt", Math.sqrt),
    ofPositive("log", Math.log),
    ofPositive("log2", Math.log2),
    ofPositive("log10", Math.log10),
    ofPositive("log1p", Math.log1p),
    ["div", () => a.div(p), A.map((x, i) => x / P[i]), smooth],
    ["div by a number", () => a.div(4), A.map((x) => x / 4), smooth],
    ["pow", () => a.pow(3), A.map((x) => x ** 3), (value) => 2 ** -13 + 1e-3 * Math.abs(value)],
    ["pow -2", () => p.add(1).pow(-2), positive.map((x) => x ** -2), (value) => 2 ** -13 + 1e-3 * value],
    ["softmax", () => a.softmax(-1), rows(soft), () => 2 ** -14],
    ["logSoftmax", () => a.logSoftmax(2), rows((row) => soft(row).map(Math.log)), () => 2 ** -14],
    // Comparison, choice and ranges.
    pairs("lt", (x, y) => x < y),
    pairs("gt", (x, y) => x > y),
    pairs("le", (x, y) => x <= y),
    pairs("ge", (x, y) => x >= y),
    pairs("eq", (x, y) => x === y),
    pairs("ne", (x, y) => x !== y),
    ["within", () => a.within(24).lt(b.within(24)), less],
    each("sign", Math.sign),
    ["toNumber", () => a.lt(b).toNumber().mul(b), B.map((y, i) => (less[i] ? y : 0))],
    ["where", () => a.where(a.lt(b), b), A.map((x, i) => Math.min(x, B[i]))],
    ["maskedFill", () => a.maskedFill(a.lt(0), -1.5), A.map((x) => (x < 0 ? -1.5 : x))],
    each("relu", (x) => Math.max(x, 0)),
    each("abs", Math.abs),
    ["clamp", () => a.clamp(-1, 2), A.map((x) => Math.min(Math.max(x, -1), 2))],
    ["clamp above", () => a.clamp(-Infinity, 2), A.map((x) => Math.min(x, 2))],
    ["clampMin", () => a.clampMin(1), A.map((x) => Math.max(x, 1))],
    ["clampMax", () => a.clampMax(1), A.map((x) => Math.min(x, 1))],
    pairs("maximum", (x, y) => Math.max(x, y)),
    pairs("minimum", (x, y) => Math.min(x, y)),
    ["maximum of a number", () => a.maximum(0.5), A.map((x) => Math.max(x, 0.5))],
    ["minimum of a number", () => a.minimum(0.5), A.map((x) => Math.min(x, 0.5))],
    each("round", (x) => Math.floor(x + 0.5)),
    ["quantize", () => a.quantize(2), A.map(level)],
    ["widen", () => a.quantize(2).widen().add(a), A.map((x) => x + level(x))],
    // Bits.
    ["not", () => a.lt(b).not(), less.map((bit) => !bit)],
    ["xor", () => a.lt(0).xor(b.lt(0)), negA.map((bit, i) => bit !== negB[i])],
    ["and", () => bits()[0].and(...bits().slice(1)), less.map((bit, i) => bit && negA[i] && negB[i])],
    ["or", () => bits()[0].or(...bits().slice(1)), less.map((bit, i) => bit || negA[i] || negB[i])],
    ["all", () => a.lt(2.5).all(-1), rows((row) => [row.every((x) => x < 2.5)])],
    ["any", () => a.lt(-2).any(2, true), rows((row) => [row.some((x) => x < -2)])],
    // Words.
    ["toBinary", () => u.sub(v).toBinary(), U.map((x, i) => x - V[i])],
    ["toArithmetic", () => a.add(b).toBinary().toArithmetic(4), A.map((x, i) => Math.floor((x + B[i]) * 16) / 16)],
    ofWords("not of words", (x) => x.not(), (x) => ~x),
    ofWords("xor of words", (x, y) => x.xor(y).xor(5), (x, y) => x ^ y ^ 5),
    ofWords("and of words", (x, y) => x.and(y, 0x37f), (x, y) => x & y & 0x37f),
    ofWords("or of words", (x, y) => x.or(y), (x, y) => x | y),
    ofWords("add of words", (x, y) => x.add(y).sub(7), (x, y) => x + y - 7),
    ofWords("neg of words", (x) => x.neg(), (x) => -x),
    ofWords("lt of words", (x, y) => x.lt(y), (x, y) => x < y),
    ofWords("eq of words", (x, y) => x.eq(y.add(x).sub(y)), () => true),
    ofWords("where of words", (x, y) => x.where(x.lt(y), y), (x, y) => Math.min(x, y)),
    ofWords("words as numbers", (x, y) => x.mul(y), (x, y) => x * y),
    ofWords("shiftLeft", (x) => x.shiftLeft(5), (x) => x << 5),
    ofWords("shiftRight", (x) => x.shiftRight(2), (x) => x >> 2),
    ofWords("shiftRightLogical", (_, y) => y.shiftRightLogical(2), (_, y) => y >> 2),
    ofWords("rotateLeft", (_, y) => y.shiftLeft(63).rotateLeft(2), (_, y) => (y & 1) * 2),
    ofWords("bit", (x) => x.bit(63), (x) => x < 0),
    ofWords("bits of words", (x) => x.toBits().not().fromBits(), (x) => ~x),
    // In place: a second name of the tensor sees the change.
    inPlace("copy_", () => 1.5, 1.5),
    inPlace("add_", (x, i) => x + B[i], b),
    inPlace("sub_", (x) => x - 2, 2),
    inPlace("mul_", (x, i) => x * B[i], b),
    inPlace("div_", (x) => x / 4, 4),
    inPlace("neg_", (x) => -x),
    inPlace("square_", (x) => x * x),
    inPlace("pow_", (x) => x ** 2, 2),
    [
      "matmul_",
      () => {
        const x = m.narrow(1, 0, 3).add(0);
        x.matmul_(m.narrow(1, 0, 3));
        return x;
      },
      grid([3, 3], (i, j) => [0, 1, 2].reduce((sum, k) => sum + data.m.values[i * 5 + k] * data.m.values[k * 5 + j], 0)),
      oneUnit,
    ],
    ["bits in place", () => a.lt(b).and_(a.lt(0)).or_(b.lt(0)).not_(), less.map((bit, i) => !((bit && negA[i]) || negB[i]))],
    ofWords("words in place", (x, y) => x.xor_(y).add_(y), (x, y) => (x ^ y) + y),
    // Extrema and order.
    ["max", () => a.max(), [largest(A)]],
    ["max along an axis", () => Object.values(a.max({ dim: 2 })), [rows((r) => [largest(r)]), rows((r) => [place(r)])]],
    ["min", () => a.min(), [-largest(A.map((x) => -x))]],
    [
      "min along an axis",
      () => Object.values(a.min({ dim: -1, keepDim: true })),
      [rows((r) => [Math.min(...r)]), rows((r) => [r.indexOf(Math.min(...r))])],
    ],
    ["amax", () => a.amax({ dim: [0, 2] }), [0, 1, 2].map((j) => largest(A.filter((_, i) => Math.floor(i / 4) % 3 === j)))],
    ["amin", () => a.amin({ dim: -1 }), rows((row) => [Math.min(...row)])],
    ["aminmax", () => Object.values(a.aminmax()), [[Math.min(...A)], [largest(A)]]],
    ["argmax", () => a.argmax(), [place(A)]],
    ["argmax along an axis", () => a.argmax({ dim: 2, keepDim: true }), rows((row) => [place(row)])],
    ["argmin", () => a.argmin({ dim: -1 }), rows((row) => [row.indexOf(Math.min(...row))])],
    ["argmaxOneHot", () => a.argmaxOneHot(-1), rows((row) => row.map((_, i) => i === place(row)))],
    ["argminOneHot", () => a.neg().argminOneHot(2), rows((row) => row.map((_, i) => i === place(row)))],
    [
      "sort",
      () => Object.values(a.sort({ descending: true })),
      [rows((r) => order(r, true).map((i) => r[i])), rows((r) => order(r, true))],
    ],
    ["argsort", () => a.argsort(), rows((row) => order(row, false))],
    [
      "topk",
      () => Object.values(a.topk(2)),
      [rows((r) => order(r, true).slice(0, 2).map((i) => r[i])), rows((r) => order(r, true).slice(0, 2))],
    ],
    [
      "kthvalue",
      () => Object.values(a.kthvalue(3, { keepDim: true })),
      [rows((r) => [r[order(r, false)[2]]]), rows((r) => [order(r, false)[2]])],
    ],
    [
      "median",
      () => Object.values(a.median()),
      [rows((r) => [r[order(r, false)[1]]]), rows((r) => [order(r, false)[1]])],
    ],
    ["quantile", () => a.quantile(0.3, { dim: -1 }), rows((r) => [quantile(r, 0.3)]), () => 2 * UNIT],
    [
      "quantiles of all",
      () => a.quantile([0, 0.5, 1], { keepDim: true }),
      [0, 0.5, 1].map((q) => quantile(A, q)),
      () => 2 * UNIT,
    ],
    // Secret indices.
    ["oneHot", () => index.oneHot(6), data.index.values.flatMap((i) => [0, 1, 2, 3, 4, 5].map((j) => i === j))],
    ["embedding", () => index.embedding(t), data.index.values.flatMap((i) => data.t.values.slice(2 * i, 2 * i + 2))],
    ["indexSelect", () => t.indexSelect(0, index), data.index.values.flatMap((i) => data.t.values.slice(2 * i, 2 * i + 2))],
    ["indexSelect at known places", () => t.indexSelect(-1, [1, 1, 0]), lines(data.t, ([x, y]) => [y, y, x])],
    ["take", () => a.take(places), data.places.values.map((i) => A[i])],
    ["take at known places", () => a.take([3, 3, 0]), [A[3], A[3], A[0]]],
    [
      "gather",
      () => a.gather(1, inner),
      grid([2, 2, 4], (i, j, k) => at(i, data.inner.values[(i * 2 + j) * 4 + k], k)),
    ],
    // Pooling.
    ["maxPool1d", () => line.maxPool1d(3, { stride: 2, padding: 1 }), pooled((v) => [largest(v.known)], { stride: 2, padding: 1 })],
    ["maxPool1d, ceil", () => line.maxPool1d(2, { ceilMode: true }), windows1(data.line, (v) => [largest(v.known)], { kernel: 2, stride: 2, ceil: true })],
    [
      "maxPool1dWithIndices",
      () => Object.values(line.maxPool1dWithIndices(3, { dilation: 2, stride: 1 })),
      [
        pooled((v) => [largest(v.known)], { stride: 1, dilation: 2 }),
        pooled((v) => [v.places[place(v.known)]], { stride: 1, dilation: 2 }),
      ],
    ],
    ["maxPool2d", () => image.maxPool2d([3, 2]), squares(data.image, [3, 2], (v) => largest(v.known))],
    [
      "maxPool2dWithIndices",
      () => Object.values(image.maxPool2dWithIndices([2, 2])),
      [squares(data.image, [2, 2], (v) => largest(v.known)), squares(data.image, [2, 2], (v) => v.places[place(v.known)])],
    ],
    ["maxPool3d", () => volume.maxPool3d(2), cubes(data.volume, (v) => largest(v.known))],
    [
      "maxPool3dWithIndices",
      () => Object.values(volume.maxPool3dWithIndices(2)),
      [cubes(data.volume, (v) => largest(v.known)), cubes(data.volume, (v) => v.places[place(v.known)])],
    ],
    ["avgPool1d", () => line.avgPool1d(3, { padding: 1 }), pooled((v) => [total(v.known) / 3], { padding: 1 }), fourUnits],
    [
      "avgPool1d without padding",
      () => line.avgPool1d(3, { padding: 1, countIncludePad: false }),
      pooled((v) => [mean(v.known)], { padding: 1 }),
      fourUnits,
    ],
    ["avgPool2d", () => image.avgPool2d([3, 2]), squares(data.image, [3, 2], (v) => mean(v.known)), fourUnits],
    ["avgPool3d", () => volume.avgPool3d(2, { divisorOverride: 5 }), cubes(data.volume, (v) => total(v.known) / 5), fourUnits],
    ["adaptiveMaxPool", () => image.adaptiveMaxPool([3, 1]), squares(data.image, [2, 5], (v) => largest(v.known))],
    ["adaptiveAvgPool", () => image.adaptiveAvgPool([3, 1]), squares(data.image, [2, 5], (v) => mean(v.known)), fourUnits],
    // Sums, means and products.
    ["sum", () => a.sum(), [total(A)]],
    ["sum over axes", () => a.sum({ dim: [-1], keepDim: true }), rows((row) => [total(row)])],
    ["mean", () => a.mean({ dim: 2 }), rows((row) => [mean(row)]), () => 2 * UNIT],
    ["var", () => a.var({ dim: -1 }), rows((row) => [variance(row, 1)]), spread],
    ["std", () => a.std({ dim: -1 }), rows((row) => [Math.sqrt(variance(row, 1))]), (x) => 2 ** -11 + 2 ** -13 * x],
    ["var of all", () => a.var({ correction: 0 }), [variance(A, 0)], spread],
    ["prod", () => p.prod({ dim: -1 }), lines(data.p, (row) => [row.reduce((x, y) => x * y, 1)]), () => 400 * UNIT],
    ["prod of all", () => a.sign().prod(), [A.reduce((x, y) => x * Math.sign(y), 1)]],
    ["cumsum", () => a.cumsum(-1), rows((row) => row.map((_, i) => total(row.slice(0, i + 1))))],
    ["cumprod", () => a.cumprod(2), rows((row) => row.map((_, i) => row.slice(0, i + 1).reduce((x, y) => x * y, 1))), () => 100 * UNIT],
    // Arrangements.
    ["reshape", () => a.reshape([4, -1]).select(0, 1), A.slice(6, 12)],
    ["permute", () => a.permute([2, 0, -2]), grid([4, 2, 3], (i, j, k) => at(j, k, i))],
    ["broadcastTo", () => line.broadcastTo([2, 2, 9]), [...data.line.values, ...data.line.values]],
    ["expand", () => line.unsqueeze(1).expand([-1, 2, -1]), lines(data.line, (row) => [...row, ...row])],
    ["slice", () => a.slice([[0, 2], [1, 3], [0, 4, -2]]), grid([2, 2, 2], (i, j, k) => at(i, j + 1, 3 - 2 * k))],
    ["pad", () => a.pad([[0, 0], [0, 0], [1, 0]]), rows((row) => [0, ...row])],
    ["pad a number", () => a.pad([[0, 0], [0, 0], [1, -2]], { value: 2.5 }), rows((row) => [2.5, row[0], row[1]])],
    ["pad, replicate", () => a.pad([[0, 0], [0, 0], [1, 1]], { mode: "replicate" }), rows((row) => [row[0], ...row, row[3]])],
    ["pad, reflect", () => a.pad([[0, 0], [0, 0], [2, 0]], { mode: "reflect" }), rows((row) => [row[2], row[1], ...row])],
    ["pad, circular", () => a.pad([[0, 0], [0, 0], [2, 0]], { mode: "circular" }), rows((row) => [row[2], row[3], ...row])],
    ["concat", () => session.concat([a, b], 0), [...A, ...B]],
    ["stack", () => session.stack([a, b], -1), A.flatMap((x, i) => [x, B[i]])],
    ["flip", () => a.flip(-1), rows((row) => [...row].reverse())],
    ["narrow", () => a.narrow(-1, 1, 2), rows((row) => row.slice(1, 3))],
    ["select", () => a.select(2, -1), rows((row) => [row[3]])],
    ["roll", () => a.roll(-1, 2), rows(([first, ...rest]) => [...rest, first])],
    ["transpose", () => a.transpose(0, -1), grid([4, 3, 2], (i, j, k) => at(k, j, i))],
    ["movedim", () => a.movedim(0, -1), grid([3, 4, 2], (i, j, k) => at(k, i, j))],
    ["rot90", () => m.rot90(), grid([5, 3], (i, j) => data.m.values[j * 5 + 4 - i])],
    ["rot90 back", () => m.rot90(-1), grid([5, 3], (i, j) => data.m.values[(2 - j) * 5 + i])],
    ["unsqueeze", () => a.unsqueeze(-1), A],
    ["squeeze", () => a.unsqueeze(0).squeeze(0).unsqueeze(3).squeeze(), A],
    ["flatten", () => a.flatten(1), A],
    ["repeat", () => line.repeat([2, 1]), [...data.line.values, ...data.line.values]],
    ["tile", () => line.tile([2]), lines(data.line, (row) => [...row, ...row])],
    ["repeatInterleave", () => line.repeatInterleave(2, -1), data.line.values.flatMap((x) => [x, x])],
    ["split", () => line.split([4, 5], 1), [lines(data.line, (r) => r.slice(0, 4)), lines(data.line, (r) => r.slice(4))]],
    ["split by size", () => line.split(6, -1), [lines(data.line, (r) => r.slice(0, 6)), lines(data.line, (r) => r.slice(6))]],
    ["chunk", () => line.chunk(2, 1), [lines(data.line, (r) => r.slice(0, 5)), lines(data.line, (r) => r.slice(5))]],
    ["unbind", () => t.unbind(1), [lines(data.t, ([x]) => [x]), lines(data.t, ([, y]) => [y])]],
    ["unfold", () => line.unfold(-1, 3, 2), lines(data.line, (r) => [0, 2, 4, 6].flatMap((i) => r.slice(i, i + 3)))],
    ["diagonal", () => a.diagonal(1, 1, 2), grid([2, 3], (i, j) => at(i, j, j + 1))],
    ["trace", () => m.trace(), [total([0, 1, 2].map((i) => data.m.values[i * 6]))]],
    ["diag", () => m.diag(1), [1, 7, 13].map((i) => data.m.values[i])],
    ["diag of a vector", () => a.flatten().narrow(0, 0, 2).diag(-1), [0, 0, 0, A[0], 0, 0, 0, A[1], 0]],
    ["tril", () => m.tril(1), matrix((i, j, x) => (j <= i + 1 ? x : 0))],
    ["triu", () => m.triu(-1), matrix((i, j, x) => (j >= i - 1 ? x : 0))],
    ["the table itself", () => a, table],
  ];
}

const fourUnits = () => 4 * UNIT;
const spread = (value) => 4 * UNIT + 2 ** -13 * Math.sqrt(value) + UNIT * value;
const level = (x) => Math.min(3, Math.max(0, Math.floor(x + 0.5)));

function count(shape) {
  return shape.reduce((product, size) => product * size, 1);
}

/** The elements of a tensor, by their indices. */
function grid(shape, f, path = []) {
  if (path.length === shape.length) return [Number(f(...path))];
  return Array.from({ length: shape[path.length] }, (_, i) => grid(shape, f, [...path, i])).flat();
}

/** A function of every line along the last axis. */
function lines({ shape, values }, f) {
  const size = shape.at(-1);
  return Array.from({ length: values.length / size }, (_, row) => f(values.slice(row * size, (row + 1) * size))).flat();
}

function product(x, y) {
  const [inner, columns] = y.shape;
  return grid([x.shape[0], columns], (i, j) => {
    let sum = 0;
    for (let k = 0; k < inner; k += 1) sum += x.values[i * inner + k] * y.values[k * columns + j];
    return sum;
  });
}

/** Two groups, stride [2, 1], padding [1, 0], dilation [1, 2]. */
function convolved({ shape: [, , height, width], values }, kernel) {
  return grid([2, Math.floor((height + 2 - 3) / 2) + 1, width - 2], (channel, row, column) => {
    let sum = 0;
    for (let tap = 0; tap < 6; tap += 1) {
      const y = row * 2 + Math.floor(tap / 2) - 1;
      const x = column + (tap % 2) * 2;
      if (y >= 0 && y < height) sum += values[(channel * height + y) * width + x] * kernel.values[channel * 6 + tap];
    }
    return sum;
  });
}

/** Windows over the last axis. */
function windows1(data, f, { kernel = 3, stride = 3, padding = 0, dilation = 1, ceil = false } = {}) {
  return lines(data, (row) => {
    const room = row.length + 2 * padding - dilation * (kernel - 1) - 1;
    const windows = (ceil ? Math.ceil : Math.floor)(room / stride) + 1;
    return Array.from({ length: windows }, (_, window) => {
      const taps = Array.from({ length: kernel }, (_, i) => window * stride + i * dilation - padding);
      const places = taps.filter((place) => place >= 0 && place < row.length);
      return f({ places, known: places.map((place) => row[place]) });
    }).flat();
  });
}

/** Windows side by side over the last two axes. */
function squares({ shape, values }, [tall, wide], f) {
  const [height, width] = shape.slice(-2);
  const planes = values.length / height / width;
  return grid([planes, Math.floor(height / tall), Math.floor(width / wide)], (plane, row, column) => {
    const places = grid([tall, wide], (i, j) => (row * tall + i) * width + column * wide + j);
    return f({ places, known: places.map((place) => values[plane * height * width + place]) });
  });
}

/** Windows of 2 x 2 x 2 side by side over the last three axes, of size 4 each. */
function cubes({ values }, f) {
  return grid([2, 2, 2, 2], (volume, z, y, x) => {
    const places = grid([2, 2, 2], (i, j, k) => ((z * 2 + i) * 4 + y * 2 + j) * 4 + x * 2 + k);
    return f({ places, known: places.map((place) => values[volume * 64 + place]) });
  });
}

/** The error function, by its series. */
function erf(x) {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-13; k += 1) {
    term *= -(x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
