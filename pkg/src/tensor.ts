/** Handles to secret tensors. */
import { Random } from "./tensor/random.ts";

export type { ConvolutionOptions, Scale } from "./tensor/arithmetic.ts";
export type { Along, Dims, Found, Over } from "./tensor/handle.ts";
export type { QuantileOptions, SortOptions, TopkOptions } from "./tensor/order.ts";
export type { AveragePoolOptions, Each, MaxPoolOptions } from "./tensor/pooling.ts";
export type { VarianceOptions } from "./tensor/reduce.ts";
export type { PadMode, PadOptions, Range } from "./tensor/structure.ts";

/**
 * A tensor whose values are shared among the parties; this is a handle to it. Operations check shapes at
 * once, are recorded, and wait for nothing; {@link reveal} is what one awaits, and where an error of the
 * engine shows.
 *
 * Names and meanings are PyTorch's. Axes may be negative: they count from the end. Rounds and bytes are per
 * element and per party and peer, from bare shares; a tensor that was used before costs less. One unit in the
 * last place is 2^-16.
 *
 * Its functions are in `tensor/`, by topic; each file builds on the one before.
 */
export class Tensor extends Random {}
