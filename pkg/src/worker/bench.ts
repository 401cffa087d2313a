/** Measures programs on made-up data against the clear computation. */
import { type Session, Tensor } from "../../dist/wasm/cryptab_wasm.js";
import { BENCH, type BenchEntry } from "../bench.ts";
import type { BenchRow } from "../results.ts";
import { PROGRAMS } from "./bench/programs.ts";
import type { Figures } from "./reporter.ts";

type Bench = {
  session: Session;
  me: number;
  /** Which rows; what slot 0 says counts. */
  rows: readonly string[];
  figures: Figures;
  onStart(row: BenchEntry, at: number, of: number): void;
  onRow(row: BenchRow): void;
  stopped(): boolean;
};

/** Runs the chosen programs, one after the other. Slots 0 and 1 bring the data. */
export async function bench(bench: Bench): Promise<void> {
  const { session, me, figures, onStart, onRow } = bench;
  const chosen = await choice(bench);
  for (const [index, entry] of chosen.entries()) {
    const program = PROGRAMS[entry.id];
    if (!program || !(await meet(bench))) return;
    onStart(entry, index + 1, chosen.length);
    const before = figures();
    const start = performance.now();
    const result = await program.run(session, me);
    const seconds = (performance.now() - start) / 1000;
    const after = figures();
    const maxError = result ? largestError(result, program.clear(), program.relative ?? false) : 0;
    onRow({
      id: entry.id,
      name: entry.name,
      size: entry.size,
      seconds,
      rounds: after.rounds - before.rounds,
      bytes: after.bytes - before.bytes,
      dealerBytes: after.dealerBytes - before.dealerBytes,
      maxError,
    });
  }
}

/** The rows that slot 0 asks for: a flag for each, opened to all. */
async function choice({ session, me, rows }: Bench): Promise<BenchEntry[]> {
  const mine = Float64Array.from(BENCH, ({ id }) => (rows.includes(id) ? 1 : 0));
  const flags = await opened([
    session.input(0, Uint32Array.of(BENCH.length), me === 0 ? mine : undefined, 0),
  ]);
  return BENCH.filter((_, at) => flags[at] === 1);
}

/** Everyone is here, and the clocks start together; or someone has stopped. */
async function meet({ session, me, stopped }: Bench): Promise<boolean> {
  const goes = Float64Array.of(stopped() ? 0 : 1);
  const inputs = [0, 1].map((owner) =>
    session.input(owner, Uint32Array.of(1), me === owner ? goes : undefined, 0),
  );
  const [both] = await opened(Tensor.apply("add", inputs, []));
  return both === 2;
}

async function opened([tensor]: Tensor[]): Promise<Float64Array> {
  const revealed = tensor?.reveal();
  tensor?.free();
  return (await revealed) ?? new Float64Array();
}

function largestError(found: ArrayLike<number>, expected: ArrayLike<number>, relative: boolean): number {
  let largest = found.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < found.length; i += 1) {
    const right = expected[i] ?? Number.NaN;
    const error = Math.abs((found[i] ?? Number.NaN) - right);
    largest = Math.max(largest, relative ? error / Math.max(1, Math.abs(right)) : error);
  }
  return largest;
}
