/** What goes into the programs, and what comes out. */

/** The adjustments of the photo program, all secret. */
export type Adjust = {
  /** Levels added to every channel, -255 to 255. */
  brightness: number;
  /** Scale around level 128, 0 to 4 (1: unchanged). */
  contrast: number;
  /** Distance from grey, 0 to 4 (1: unchanged). */
  saturation: number;
  /** Levels added to red and taken from blue, -128 to 128. */
  warmth: number;
  /** 9 or 25 weights between -16 and 16, row by row. */
  filter: number[];
};

/** The photo's owner passes `image`, the adjuster `adjust`, a helper neither. */
export type PhotoInput = { image?: ImageData; adjust?: Adjust };

export type Stats = { rounds: number; bytes: number; dealerBytes: number; seconds: number };

export type PhotoResult = {
  /** The adjusted photo, at its owner alone. */
  image?: ImageData;
  /** What this party's share of the photo looks like: noise. */
  share: ImageData;
  stats: Stats;
};

/** One row of the bench, as measured in this tab. */
export type BenchRow = Stats & {
  /** That of {@link BENCH}. */
  id: string;
  name: string;
  size: string;
  /** Against the clear computation, in the unit of the result; of smooth functions, relative beyond 1. */
  maxError: number;
};

/** What a program costs this party; known before it runs. */
export type Cost = { rounds: number; bytes: number; dealerBytes: number };

/** What the elements of a tensor are. */
export type Kind = {
  /** 0 for integers and for bits. */
  fracBits: number;
  isBit: boolean;
  /** Whether they are words of 64 bits. */
  isBinary: boolean;
  /** Whether all parties know the values. */
  isPublic: boolean;
  /** Number of the operation that made it: the same at all parties. */
  operation: number;
};
