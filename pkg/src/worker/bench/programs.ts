/** The programs of the bench, by the `id` of their row. */
import { adjustInClear, type Session, Tensor } from "../../../dist/wasm/cryptab_wasm.js";
import type { FunctionName, Parameters } from "../../operation.ts";
import { convolved, erf, type Made, made, pooled, product, rows, softmax } from "./clear.ts";

export type Program = {
  /** Runs the program; everything it makes is known to all parties. */
  run(session: Session, me: number): Promise<ArrayLike<number> | undefined>;
  /** What it computes, in the clear. */
  clear(): ArrayLike<number>;
  /** Whether errors are relative to results beyond 1. */
  relative?: boolean;
};

/** A function of one tensor of slot 0 and, if there are two, one of slot 1. */
function applied<N extends FunctionName>(
  name: N,
  made: readonly Made[],
  parameters: Parameters[N],
  clear: (...data: Float64Array[]) => ArrayLike<number>,
): Program {
  return {
    run: (session, me) => compute(session, me, made, (operands) => Tensor.apply(name, operands, parameters)),
    clear: () => clear(...made.map(({ data }) => data())),
  };
}

/** As {@link applied}, of every element. */
function each(name: "square" | "relu" | "abs", made: Made, clear: (value: number) => number): Program {
  return applied<"square" | "relu" | "abs">(name, [made], [], (x) => x.map(clear));
}

/** As {@link each}, for functions whose errors are relative. */
function smooth(name: FunctionName, made: Made, clear: (value: number) => number): Program {
  const program = applied(name, [made], [] as never, (x) => (x as Float64Array).map(clear));
  return { ...program, relative: true };
}

/** As {@link applied}, of pairs of elements. */
function pairs(
  name: "add" | "lt" | "eq",
  made: readonly [Made, Made],
  clear: (x: number, y: number) => number,
): Program {
  return applied<"add" | "lt" | "eq">(name, made, [], (x, y) =>
    (x as Float64Array).map((value, i) => clear(value, y?.[i] ?? 0)),
  );
}

async function compute(
  session: Session,
  me: number,
  made: readonly Made[],
  program: (operands: Tensor[]) => Tensor[],
): Promise<Float64Array> {
  const operands = made.map(({ shape, data }, owner) =>
    session.input(owner, Uint32Array.from(shape), me === owner ? data() : undefined),
  );
  // The program uses its operands up.
  const results = program(operands);
  const revealed = results[0]?.reveal();
  for (const tensor of results) tensor.free();
  return (await revealed) ?? new Float64Array();
}

/** A product of square matrices. */
function matmul(side: number): Program {
  const operands = [made([side, side], 3, -4, 4), made([side, side], 4, -4, 4)];
  return applied("matmul", operands, [undefined], (a, b) =>
    product(a as Float64Array, b as Float64Array, side),
  );
}

/** A picture of slopes and noise. */
function picture(): Uint8Array {
  const noise = made([SIDE, SIDE, 3], 5, -32, 32).data();
  return Uint8Array.from(noise, (value, i) => {
    const pixel = Math.floor(i / 3);
    const slope = ((pixel % SIDE) + Math.floor(pixel / SIDE) * ((i % 3) + 1)) / 9;
    return Math.max(0, Math.min(255, slope + value));
  });
}

const SIDE = 512;
const ADJUST = {
  brightness: 12,
  contrast: 1.2,
  saturation: 0.8,
  warmth: 5,
  filter: [0, -1, 0, -1, 5, -1, 0, -1, 0],
};

const x = made([1_000_000], 1, -100, 100);
const y = made([1_000_000], 2, -100, 100);
/** Many pairs of equal numbers. */
const levels = [6, 7].map((seed) => {
  const { shape, data } = made([1_000_000], seed, -8, 8);
  return { shape, data: () => data().map(Math.round) };
}) as [Made, Made];
const table = made([1000, 100], 8, -100, 100);
const image = made([1, 64, 56, 56], 9, -4, 4);
const kernel = made([64, 64, 3, 3], 10, -1, 1);
const some = [100_000];
const small = made(some, 11, -8, 2);
const signed = made(some, 12, -12, 12);
const positive = made(some, 13, 0.01, 1000);
const logits = made([1000, 10], 14, -8, 8);

export const PROGRAMS: Readonly<Record<string, Program>> = {
  input: {
    run: (session, me) => compute(session, me, [x], (operands) => operands),
    clear: () => x.data(),
  },
  add: pairs("add", [x, y], (a, b) => a + b),
  mul: applied("mul", [x, y], [undefined], (a, b) => a?.map((value, i) => value * (b?.[i] ?? 0)) ?? []),
  square: each("square", x, (value) => value * value),
  "matmul-256": matmul(256),
  "matmul-512": matmul(512),
  "matmul-1024": matmul(1024),
  conv2d: applied(
    "conv2d",
    [image, kernel],
    [{ stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }, undefined],
    (image, kernel) => convolved(image as Float64Array, kernel as Float64Array, 64, 56),
  ),
  lt: pairs("lt", [x, y], (a, b) => (a < b ? 1 : 0)),
  eq: pairs("eq", levels, (a, b) => (a === b ? 1 : 0)),
  relu: each("relu", x, (value) => Math.max(value, 0)),
  abs: each("abs", x, Math.abs),
  max: applied("amax", [table], [[1], false], (x) =>
    rows(x as Float64Array, 100, (row) => [Math.max(...row)]),
  ),
  argmax: applied("argmax", [table], [1, false], (x) =>
    rows(x as Float64Array, 100, (row) => [row.indexOf(Math.max(...row))]),
  ),
  maxPool2d: applied(
    "maxPool",
    [image],
    [
      [
        [2, 2, 0, 1, false],
        [2, 2, 0, 1, false],
      ],
    ],
    (x) => pooled(x as Float64Array, 56),
  ),
  exp: smooth("exp", small, Math.exp),
  log: smooth("log", positive, Math.log),
  reciprocal: smooth("reciprocal", positive, (value) => 1 / value),
  sqrt: smooth("sqrt", positive, Math.sqrt),
  rsqrt: smooth("rsqrt", positive, (value) => 1 / Math.sqrt(value)),
  sigmoid: smooth("sigmoid", signed, (value) => 1 / (1 + Math.exp(-value))),
  tanh: smooth("tanh", signed, Math.tanh),
  erf: smooth("erf", signed, erf),
  cos: smooth("cos", signed, Math.cos),
  softmax: applied("softmax", [logits], [1], (x) => rows(x as Float64Array, 10, softmax)),
  photo: {
    run: async (session) => {
      const photo = await session.samplePhoto(picture(), SIDE, SIDE, ADJUST);
      const { result } = photo;
      photo.free();
      return result;
    },
    clear: () => adjustInClear(picture(), SIDE, SIDE, ADJUST),
  },
};
