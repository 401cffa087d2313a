/** What the programs of the bench compute, in the clear; and the made-up data that they compute on. */

/** Data that all tabs make alike, when they are first needed. */
export type Made = { shape: readonly number[]; data: () => Float64Array };

/** Numbers between `low` and `high` on the grid of 2^-16. */
export function made(shape: readonly number[], seed: number, low: number, high: number): Made {
  const length = shape.reduce((product, size) => product * size, 1);
  let kept: Float64Array | undefined;
  const data = () => {
    if (kept) return kept;
    let state = seed;
    kept = Float64Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      return Math.round((low + (high - low) * (state / 2 ** 32 + 0.5)) * 65_536) / 65_536;
    });
    return kept;
  };
  return { shape, data };
}

export function product(left: Float64Array, right: Float64Array, side: number): Float64Array {
  const result = new Float64Array(side * side);
  for (let row = 0; row < side; row += 1) {
    const out = result.subarray(row * side, (row + 1) * side);
    for (let inner = 0; inner < side; inner += 1) {
      addScaled(out, left[row * side + inner] ?? 0, right.subarray(inner * side, (inner + 1) * side));
    }
  }
  return result;
}

/** A convolution of `[channels, side, side]` with `[channels, channels, 3, 3]`, without padding. */
export function convolved(
  x: Float64Array,
  kernel: Float64Array,
  channels: number,
  side: number,
): Float64Array {
  const inside = side - 2;
  const result = new Float64Array(channels * inside * inside);
  for (let tap = 0; tap < channels * channels * 9; tap += 1) {
    const [column, row] = [tap % 3, Math.floor(tap / 3) % 3];
    const [channel, output] = [Math.floor(tap / 9) % channels, Math.floor(tap / 9 / channels)];
    for (let y = 0; y < inside; y += 1) {
      const to = (output * inside + y) * inside;
      const from = (channel * side + y + row) * side + column;
      addScaled(result.subarray(to, to + inside), kernel[tap] ?? 0, x.subarray(from, from + inside));
    }
  }
  return result;
}

/** The largest of every 2 x 2 square of `[channels, side, side]`. */
export function pooled(x: Float64Array, side: number): Float64Array {
  const half = side / 2;
  return Float64Array.from({ length: x.length / 4 }, (_, at) => {
    const [column, row] = [at % half, Math.floor(at / half)];
    const first = row * 2 * side + column * 2;
    return Math.max(...[0, 1, side, side + 1].map((step) => x[first + step] ?? 0));
  });
}

/** A function of every row of so many elements. */
export function rows(
  x: Float64Array,
  size: number,
  reduce: (row: Float64Array) => ArrayLike<number>,
): Float64Array {
  const results = Array.from({ length: x.length / size }, (_, row) =>
    Array.from(reduce(x.subarray(row * size, (row + 1) * size))),
  );
  return Float64Array.from(results.flat());
}

export function softmax(row: Float64Array): Float64Array {
  const largest = Math.max(...row);
  const exponentials = row.map((value) => Math.exp(value - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** The error function, by its series: to 2e-8, as it is 1 beyond 4, where the series cancels too much. */
export function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-12; n += 1) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function addScaled(out: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < out.length; i += 1) out[i] = (out[i] ?? 0) + factor * (values[i] ?? 0);
}
