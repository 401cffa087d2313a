/** Operations as data: what the page records, and the Worker tells the engine. */

type Pair = readonly [number, number];
type Axis = [axis: number];
type AxisKeep = [axis: number, keep: boolean];
type Axes = [axes: readonly number[], keep: boolean];
type Ordered = [axis: number, descending: boolean];
type Sizes = [sizes: readonly number[]];
type Scaled = [fracBits: number | undefined];
type Widths<Flag extends boolean> = [widths: readonly Pair[], flag: Flag];

/** A window on one axis. */
export type Window = readonly [
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
  ceil: boolean,
];
export type Convolution = { stride: Pair; padding: Pair; dilation: Pair; groups: number };
export type Interpolation = "linear" | "lower" | "higher" | "midpoint" | "nearest";

/** Functions that are told nothing but their operands. */
type Plain =
  | "add"
  | "sub"
  | "neg"
  | "square"
  | "masked"
  | "div"
  | ("cos" | "sin" | "sigmoid" | "tanh" | "erf" | "gelu" | "silu" | "softplus" | "exp")
  | ("reciprocal" | "reciprocalPositive" | "rsqrt" | "sqrt" | "log" | "log2" | "log10" | "log1p")
  | ("lt" | "gt" | "le" | "ge" | "eq" | "ne" | "sign" | "toNumber" | "where")
  | ("relu" | "abs" | "maximum" | "minimum" | "widen" | "round")
  | "bernoulli"
  | ("not" | "xor" | "allOf" | "anyOf")
  | ("toBinary" | "toBits" | "fromBits")
  | ("copy_" | "add_" | "sub_" | "mul_" | "div_" | "matmul_" | "neg_" | "square_")
  | ("and_" | "or_" | "xor_" | "not_")
  | ("embedding" | "takeSecret" | "trace");

/** The functions of the engine, by name, and what they are told besides their operands. */
export type Parameters = { [K in Plain]: [] } & {
  mul: Scaled;
  matmul: Scaled;
  conv2d: [parameters: Convolution, fracBits: number | undefined];
  rescale: [fracBits: number];
  pow: [exponent: number];
  softmax: Axis;
  logSoftmax: Axis;
  within: [width: number];
  maskedFill: [value: number];
  clamp: [low: number, high: number];
  clampMin: [bound: number];
  clampMax: [bound: number];
  quantize: [bits: number];
  toArithmetic: [fracBits: number];
  shiftLeft: [by: number];
  shiftRight: [by: number];
  shiftRightLogical: [by: number];
  rotateLeft: [by: number];
  bit: [index: number];
  pow_: [exponent: number];
  all: AxisKeep;
  any: AxisKeep;
  amax: Axes;
  amin: Axes;
  aminmax: Axes;
  max: AxisKeep;
  min: AxisKeep;
  argmax: AxisKeep;
  argmin: AxisKeep;
  argmaxOneHot: Axis;
  argminOneHot: Axis;
  sort: Ordered;
  argsort: Ordered;
  topk: [count: number, axis: number, descending: boolean];
  kthvalue: [k: number, axis: number, keep: boolean];
  median: AxisKeep;
  quantile: [q: readonly number[], axis: number, between: Interpolation];
  dropout: [probability: number];
  shuffle: Axis;
  oneHot: [classes: number];
  indexSelectSecret: Axis;
  gather: Axis;
  maxPool: [windows: readonly Window[]];
  maxPoolWithIndices: [windows: readonly Window[]];
  adaptiveMaxPool: Sizes;
  /** Divided by the elements under the window (`true`: padding counts), or by a number. */
  avgPool: [windows: readonly Window[], divisor: boolean | number];
  adaptiveAvgPool: Sizes;
  sum: Axes;
  mean: Axes;
  var: [axes: readonly number[], correction: number, keep: boolean];
  std: [axes: readonly number[], correction: number, keep: boolean];
  prod: AxisKeep;
  cumsum: Axis;
  cumprod: Axis;
  reshape: Sizes;
  permute: Sizes;
  broadcastTo: Sizes;
  expand: Sizes;
  slice: [ranges: readonly (readonly [start: number, end: number, step: number])[]];
  /** Zeros, or the nearest element. */
  pad: Widths<boolean>;
  /** Mirrored, or from the other end. */
  padBorder: Widths<boolean>;
  padConstant: [widths: readonly Pair[], value: number];
  narrow: [axis: number, start: number, length: number];
  select: [axis: number, index: number];
  indexSelect: [axis: number, positions: readonly number[]];
  take: [positions: readonly number[]];
  flip: Sizes;
  roll: [shift: number, axis: number];
  transpose: [a: number, b: number];
  movedim: [from: number, to: number];
  rot90: [times: number, a: number, b: number];
  unsqueeze: Axis;
  squeeze: Axis;
  flatten: [first: number, last: number];
  repeat: Sizes;
  tile: Sizes;
  repeatInterleave: [times: number, axis: number];
  concat: Axis;
  stack: Axis;
  split: [sizes: readonly number[], axis: number];
  chunk: [count: number, axis: number];
  unbind: Axis;
  unfold: [axis: number, size: number, step: number];
  diagonal: [offset: number, a: number, b: number];
  diag: [offset: number];
  tril: [offset: number];
  triu: [offset: number];
};

export type FunctionName = keyof Parameters;

type Entry = { shape: number[]; fracBits: number | undefined };

/** What makes tensors. Operands are numbers of tensors. */
export type Making =
  | ({ do: "input"; owner: number; data?: Float64Array<ArrayBuffer> | undefined } & Entry)
  /** Of this party: `enter` or `abandon` follows. */
  | ({ do: "input-later" } & Entry)
  | ({ do: "constant"; data: Float64Array<ArrayBuffer> } & Entry)
  | { do: "rand" | "randn"; shape: number[] }
  | { do: "randint"; low: number; high: number; shape: number[] }
  | { do: "randperm"; count: number }
  | { do: "apply"; name: FunctionName; operands: number[]; with: readonly unknown[] };

export type Operation =
  /** Results with the shapes that the page expects; of an in-place function, the tensor itself. */
  | { do: "make"; tensors: number[]; shapes: readonly (readonly number[])[]; how: Making }
  /** The numbers of an input that came later. */
  | { do: "enter"; tensor: number; data: Float64Array<ArrayBuffer> }
  /** They will never come. */
  | { do: "abandon"; tensor: number; reason: string }
  /** Answered as a request, when the dealer is done with what was recorded before. */
  | { do: "dealt"; request: number }
  /** Answered as a request, with the numbers, or nothing for those who do not receive them. */
  | { do: "reveal"; request: number; a: number; to?: number | undefined }
  /** Answered as a request, with what this party holds. */
  | { do: "share"; request: number; a: number }
  /** Answered as a request, with a `Kind`. */
  | { do: "kind"; request: number; a: number }
  /** The page has no handle to it any more. */
  | { do: "forget"; tensor: number };
