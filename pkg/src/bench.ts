/** What the bench can measure. */
import type { BenchRow } from "./results.ts";

/** A row before it is measured; `quick` ones take a second or two, and few megabytes. */
export type BenchEntry = { id: string; name: string; size: string; quick: boolean };

export type BenchOptions = {
  /** Which rows, by `id`; the quick ones by default. What the party in slot 0 chooses counts for all. */
  rows?: readonly string[];
  /** A row begins, the `at`-th (from 1) of `of`. */
  onStart?: (row: BenchEntry, at: number, of: number) => void;
  onRow?: (row: BenchRow) => void;
  /** Aborting it ends the bench, for all parties, after the row that is measured. */
  signal?: AbortSignal;
};

const MANY = "1,000,000";
const SOME = "100,000";

/** All rows, in the order in which they are measured. */
export const BENCH: readonly BenchEntry[] = [
  row("input", "input and reveal", MANY),
  row("add", "add", MANY),
  row("mul", "mul", MANY),
  row("square", "square", MANY),
  row("matmul-256", "matmul", "256 x 256 x 256"),
  row("matmul-512", "matmul", "512 x 512 x 512"),
  row("matmul-1024", "matmul", "1024 x 1024 x 1024", false),
  row("conv2d", "conv2d", "64 x 56 x 56, 3 x 3"),
  row("lt", "lt", MANY, false),
  row("eq", "eq", MANY, false),
  row("relu", "relu", MANY, false),
  row("abs", "abs", MANY, false),
  row("max", "max", "1000 x 100"),
  row("argmax", "argmax", "1000 x 100"),
  row("maxPool2d", "maxPool2d", "64 x 56 x 56, 2 x 2"),
  row("exp", "exp", SOME, false),
  row("log", "log", SOME, false),
  row("reciprocal", "reciprocal", SOME, false),
  row("sqrt", "sqrt", SOME, false),
  row("rsqrt", "rsqrt", SOME, false),
  row("sigmoid", "sigmoid", SOME, false),
  row("tanh", "tanh", SOME, false),
  row("erf", "erf", SOME, false),
  row("cos", "cos", SOME),
  row("softmax", "softmax", "1000 x 10"),
  row("photo", "photo", "512 x 512, 3 x 3 filter"),
];

function row(id: string, name: string, size: string, quick = true): BenchEntry {
  return { id, name, size, quick };
}
