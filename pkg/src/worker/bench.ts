/** A fixed list of programs on made-up data, measured against the clear computation. */
import { adjustInClear, type Session, type Tensor } from "../../dist/wasm/cryptab_wasm.js";
import type { BenchRow } from "../results.ts";
import type { Figures } from "./reporter.ts";

type Program = {
  name: string;
  /** Runs the program; everything it makes is known to all parties. */
  run(session: Session, me: number): Promise<ArrayLike<number> | undefined>;
  /** What it computes, in the clear. */
  clear(): ArrayLike<number>;
};

/** Runs all programs, one after the other. Slots 0 and 1 bring the data. */
export async function bench(
  session: Session,
  me: number,
  figures: Figures,
  onRow: (row: BenchRow) => void,
): Promise<void> {
  for (const { name, run, clear } of PROGRAMS) {
    await meet(session, me);
    const before = figures();
    const start = performance.now();
    const result = await run(session, me);
    const seconds = (performance.now() - start) / 1000;
    const after = figures();
    onRow({
      name,
      seconds,
      rounds: after.rounds - before.rounds,
      bytes: after.bytes - before.bytes,
      dealerBytes: after.dealerBytes - before.dealerBytes,
      maxError: result ? largestError(result, clear()) : 0,
    });
  }
}

/** Everyone is here: the clocks start together. */
async function meet(session: Session, me: number): Promise<void> {
  const inputs = [0, 1].map((owner) =>
    session.input(owner, Uint32Array.of(1), me === owner ? Float64Array.of(1) : undefined),
  );
  const [a, b] = inputs as [Tensor, Tensor];
  const sum = a.binary("add", b);
  await sum.reveal();
  for (const tensor of [a, b, sum]) tensor.free();
}

/** A program on one tensor of slot 0 and one of slot 1. */
async function compute(
  session: Session,
  me: number,
  [x, y]: readonly [Made, Made],
  program: (a: Tensor, b: Tensor) => Tensor,
): Promise<Float64Array> {
  const enter = (owner: number, { shape, data }: Made) =>
    session.input(owner, Uint32Array.from(shape), me === owner ? data() : undefined);
  const [a, b] = [enter(0, x), enter(1, y)];
  const result = program(a, b);
  const revealed = result.reveal();
  for (const tensor of new Set([a, b, result])) tensor.free();
  return revealed;
}

type Made = { shape: readonly number[]; data: () => Float64Array };

/** Numbers between -bound and bound on the grid of 2^-16, the same in every tab. */
function made(shape: readonly number[], seed: number, bound: number): Made {
  const length = shape.reduce((product, size) => product * size, 1);
  let kept: Float64Array | undefined;
  const data = () => {
    if (kept) return kept;
    const scale = bound * 65_536;
    let state = seed;
    kept = Float64Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      return Math.round((state / 2 ** 31) * scale) / 65_536;
    });
    return kept;
  };
  return { shape, data };
}

function largestError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = found.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < found.length; i += 1) {
    largest = Math.max(largest, Math.abs((found[i] ?? Number.NaN) - (expected[i] ?? Number.NaN)));
  }
  return largest;
}

const MANY = 1_000_000;
const SIDE = 512;
const x = made([MANY], 1, 100);
const y = made([MANY], 2, 100);
const a = made([SIDE, SIDE], 3, 4);
const b = made([SIDE, SIDE], 4, 4);

function each(operation: (x: number, y: number) => number): Float64Array {
  const other = y.data();
  return x.data().map((value, i) => operation(value, other[i] ?? 0));
}

function product(): Float64Array {
  const [left, right] = [a.data(), b.data()];
  const result = new Float64Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row += 1) {
    for (let inner = 0; inner < SIDE; inner += 1) {
      const factor = left[row * SIDE + inner] ?? 0;
      for (let column = 0; column < SIDE; column += 1) {
        const at = row * SIDE + column;
        result[at] = (result[at] ?? 0) + factor * (right[inner * SIDE + column] ?? 0);
      }
    }
  }
  return result;
}

/** A picture of slopes and noise. */
function picture(): Uint8Array {
  const noise = made([SIDE, SIDE, 3], 5, 32).data();
  return Uint8Array.from(noise, (value, i) => {
    const pixel = Math.floor(i / 3);
    const slope = ((pixel % SIDE) + Math.floor(pixel / SIDE) * ((i % 3) + 1)) / 9;
    return Math.max(0, Math.min(255, slope + value));
  });
}

const ADJUST = {
  brightness: 12,
  contrast: 1.2,
  saturation: 0.8,
  warmth: 5,
  filter: [0, -1, 0, -1, 5, -1, 0, -1, 0],
};

const PROGRAMS: readonly Program[] = [
  {
    name: "Enter and reveal, 1,000,000",
    run: (session, me) => compute(session, me, [x, y], (a) => a),
    clear: () => x.data(),
  },
  {
    name: "Multiply, 1,000,000",
    run: (session, me) => compute(session, me, [x, y], (a, b) => a.binary("mul", b)),
    clear: () => each((x, y) => x * y),
  },
  {
    name: "Compare, 1,000,000",
    run: (session, me) => compute(session, me, [x, y], (a, b) => a.binary("lt", b)),
    clear: () => each((x, y) => (x < y ? 1 : 0)),
  },
  {
    name: "ReLU, 1,000,000",
    run: (session, me) => compute(session, me, [x, y], (a) => a.unary("relu")),
    clear: () => each((x) => Math.max(x, 0)),
  },
  {
    name: "Matrix product, 512 x 512",
    run: (session, me) => compute(session, me, [a, b], (a, b) => a.binary("matmul", b)),
    clear: product,
  },
  {
    name: "Photo, 512 x 512, 3 x 3 filter",
    run: async (session) => {
      const photo = await session.samplePhoto(picture(), SIDE, SIDE, ADJUST);
      const { result } = photo;
      photo.free();
      return result;
    },
    clear: () => adjustInClear(picture(), SIDE, SIDE, ADJUST),
  },
];
