import type { Tensor } from "../tensor.ts";
import { Reduce } from "./reduce.ts";

/** What is drawn for every element: nobody knows what, neither a party nor the dealer. */
export abstract class Random extends Reduce {
  /** Bits that are 1 with the probabilities that the elements are, from 0 to 1. 4 rounds. */
  bernoulli(): Tensor {
    return this.one("bernoulli", this.shape, []);
  }

  /**
   * The tensor, where elements are 0 with this probability and the others grow by `1 / (1 - probability)`. Error
   * below 3 units. 5 rounds.
   */
  dropout(probability = 0.5): Tensor {
    return this.one("dropout", this.shape, [], probability);
  }
}
