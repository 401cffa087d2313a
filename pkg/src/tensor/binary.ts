import { misuse } from "../errors.ts";
import { shown } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Bits } from "./bits.ts";

/**
 * Words of 64 bits, shared by xor: what computes on the bits of numbers. All of it is exact.
 *
 * A word stands for the number of the same bits. Two words stay words when they are combined, added (modulo
 * 2^64: 3 rounds, 28.3 bytes, 133 dealer bytes), compared (3 rounds, 21 bytes) or chosen; a number joins
 * them. Every other function takes a word as a number, which costs a round.
 */
export abstract class Binary extends Bits {
  /**
   * Numbers as words of the same bits; bits as words 0 and 1. An input is a word already: free. Others: 3
   * rounds, 20.5 bytes, 92 dealer bytes.
   */
  toBinary(): Tensor {
    return this.one("toBinary", this.shape, []);
  }

  /**
   * Words as numbers with `fracBits` fraction bits, 48 at most: rounded down where there are fewer. 1 round, 8
   * bytes, 288 dealer bytes.
   */
  toArithmetic(fracBits: number): Tensor {
    return this.one("toArithmetic", this.shape, [], fracBits);
  }

  /** The bits moved towards the highest by 0 to 63 places: `this * 2^by` modulo 2^64. Free. */
  shiftLeft(by: number): Tensor {
    return this.one("shiftLeft", this.shape, [], places("shiftLeft", by));
  }

  /** The bits moved towards the lowest: `this / 2^by`, rounded down. Free. */
  shiftRight(by: number): Tensor {
    return this.one("shiftRight", this.shape, [], places("shiftRight", by));
  }

  /** The bits moved towards the lowest, zeros coming in. Free. */
  shiftRightLogical(by: number): Tensor {
    return this.one("shiftRightLogical", this.shape, [], places("shiftRightLogical", by));
  }

  /** The bits moved towards the highest, those that leave coming in again. Free. */
  rotateLeft(by: number): Tensor {
    return this.one("rotateLeft", this.shape, [], places("rotateLeft", by));
  }

  /** One bit of every word, the lowest is 0. Free. */
  bit(index: number): Tensor {
    return this.one("bit", this.shape, [], places("bit", index));
  }

  /** All bits of every word along a new last axis of 64, the lowest first. Free. */
  toBits(): Tensor {
    return this.one("toBits", [...this.shape, WIDTH], []);
  }

  /** Words of the bits along the last axis, which has 64, the lowest first. Free. */
  fromBits(): Tensor {
    if (this.shape.at(-1) !== WIDTH)
      throw misuse(`fromBits: the last axis of ${shown(this.shape)} has not 64`);
    return this.one("fromBits", this.shape.slice(0, -1), []);
  }
}

const WIDTH = 64;

function places(operation: string, by: number): number {
  if (Number.isInteger(by) && by >= 0 && by < WIDTH) return by;
  throw misuse(`${operation}: ${by} is not between 0 and 63`);
}
