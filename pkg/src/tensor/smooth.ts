import type { Tensor } from "../tensor.ts";
import { Arithmetic } from "./arithmetic.ts";

/**
 * Smooth functions of numbers with 16 fraction bits; others are rescaled first.
 *
 * Errors are at most 2^-14 * max(1, |f|) on the whole domain; "relative beyond 1" means times |f| where that
 * exceeds 1. Unless stated otherwise the domain is |x| < 2^31, or the declared range (`within`), which makes
 * comparisons cheaper. Costs are per element, from bare shares; the result of a product saves a round and 8
 * bytes.
 */
export abstract class Smooth extends Arithmetic {
  /**
   * The cosine. Domain: |x| < 2^30, |x| <= 2^14 for the result of a product (beyond, the error grows with
   * |x|). Error: 2^-15. 2 rounds, 6 bytes, 24 dealer bytes.
   */
  cos(): Tensor {
    return this.#smooth("cos");
  }

  /** The sine, `cos(x - pi / 2)`. As {@link cos}. */
  sin(): Tensor {
    return this.#smooth("sin");
  }

  /**
   * The logistic function `1 / (1 + e^-x)`; 0 or 1 beyond |x| = 10.5. Error: 2^-14. 3 rounds, 12 bytes, 244
   * dealer bytes.
   */
  sigmoid(): Tensor {
    return this.#smooth("sigmoid");
  }

  /**
   * The hyperbolic tangent; -1 or 1 beyond |x| = 5.25. Error: 2^-14. 3 rounds, 13 bytes, 246 dealer bytes.
   */
  tanh(): Tensor {
    return this.#smooth("tanh");
  }

  /** The error function; -1 or 1 beyond |x| = 2.9375. Error: 2^-14. 3 rounds, 12 bytes, 166 dealer bytes. */
  erf(): Tensor {
    return this.#smooth("erf");
  }

  /**
   * The Gaussian error linear unit `x (1 + erf(x / sqrt 2)) / 2`; 0 or x beyond |x| = 4.375. Error: 2^-14,
   * relative beyond 1. 3 rounds, 13 bytes, 192 dealer bytes.
   */
  gelu(): Tensor {
    return this.#smooth("gelu");
  }

  /**
   * The sigmoid linear unit `x / (1 + e^-x)`; 0 or x beyond |x| = 12.5. Error: 2^-14, relative beyond 1. 3
   * rounds, 13 bytes, 296 dealer bytes.
   */
  silu(): Tensor {
    return this.#smooth("silu");
  }

  /**
   * The smooth rectifier `log(1 + e^x)`; 0 or x beyond |x| = 10.5. Error: 2^-14, relative beyond 1. 3 rounds,
   * 13 bytes, 250 dealer bytes.
   */
  softplus(): Tensor {
    return this.#smooth("softplus");
  }

  /**
   * The exponential `e^x`. Domain: x <= 20.5; 0 below -12, 2^30 from 20.75 on. Error: 2^-14, relative beyond
   * 1. 3 rounds, 16 bytes, 355 dealer bytes.
   */
  exp(): Tensor {
    return this.#smooth("exp");
  }

  /**
   * The reciprocal `1 / x`. Domain: 2^-16 <= |x| < 2^31; 0 from 2^19 on, -155,885 at 0. Error: 2^-14,
   * relative beyond 1. 5 rounds, 42 bytes, 1104 dealer bytes.
   */
  reciprocal(): Tensor {
    return this.#smooth("reciprocal");
  }

  /**
   * The reciprocal `1 / x` of positive numbers. Domain: 2^-16 <= x < 2^31; without meaning for x <= 0. Error:
   * 2^-14, relative beyond 1. 5 rounds, 26 bytes, 771 dealer bytes.
   */
  reciprocalPositive(): Tensor {
    return this.#smooth("reciprocalPositive");
  }

  /**
   * The reciprocal of the square root, `1 / sqrt x`. Domain: 2^-16 <= x < 2^31; without meaning for x <= 0.
   * Error: 2^-14, relative beyond 1. 5 rounds, 23 bytes, 803 dealer bytes.
   */
  rsqrt(): Tensor {
    return this.#smooth("rsqrt");
  }

  /**
   * The square root. Domain: x < 2^31; 0 for x <= 0. Error: 2^-14, relative beyond 1. 5 rounds, 25 bytes, 674
   * dealer bytes.
   */
  sqrt(): Tensor {
    return this.#smooth("sqrt");
  }

  /**
   * The natural logarithm. Domain: 2^-16 <= x < 2^31; without meaning for x <= 0. Error: 2^-14, relative
   * beyond 1. 5 rounds, 24 bytes, 484 dealer bytes.
   */
  log(): Tensor {
    return this.#smooth("log");
  }

  /** The logarithm of base 2. As {@link log}; error 2^-14. */
  log2(): Tensor {
    return this.#smooth("log2");
  }

  /** The logarithm of base 10. As {@link log}. */
  log10(): Tensor {
    return this.#smooth("log10");
  }

  /** `log(1 + x)`, for x > -1. As {@link log}. */
  log1p(): Tensor {
    return this.#smooth("log1p");
  }

  /**
   * The quotient `this / other`, shapes broadcast.
   *
   * Domain: |this| < 2^24, 2^-16 <= |other| < 2^31, |quotient| < 2^30; at other = 0 about -155,885 this. Error:
   * 2^-14, relative beyond 1. 6 rounds, 57 bytes, 1294 dealer bytes.
   */
  div(other: Tensor | number): Tensor {
    return this.elementwise("div", other);
  }

  /**
   * `this^exponent` for a public integer of any sign, and bases of any sign; `x^0 = 1`.
   *
   * Range: every power on the way below 2^30. Error: 2^-13 + 1e-3 |result| at most. log2 p + 2 rounds at most,
   * 8 bytes for every square or product; for a negative exponent those of {@link reciprocal} as well.
   */
  pow(exponent: number): Tensor {
    return this.one("pow", this.shape, [], exponent);
  }

  /**
   * `e^x_i / sum_j e^x_j` along an axis. Domain: |x_i - x_j| < 2^31, or the declared range. Error: 2^-14. For
   * 10 classes in a declared range of 31 bits: 10 rounds, 26 bytes, 443 dealer bytes per class.
   */
  softmax(dim: number): Tensor {
    return this.one("softmax", this.shape, [], this.axis("softmax", dim));
  }

  /** The logarithm of {@link softmax}: `x_i - log sum_j e^x_j`. Error: 2^-14. One round less. */
  logSoftmax(dim: number): Tensor {
    return this.one("logSoftmax", this.shape, [], this.axis("logSoftmax", dim));
  }

  #smooth(name: SmoothName): Tensor {
    return this.one(name, this.shape, []);
  }
}

type SmoothName =
  | ("cos" | "sin" | "sigmoid" | "tanh" | "erf" | "gelu" | "silu" | "softplus" | "exp")
  | ("reciprocal" | "reciprocalPositive" | "rsqrt" | "sqrt" | "log" | "log2" | "log10" | "log1p");
