/** The engine's tensors by the numbers that the page knows them by. */
import { type Session, Tensor } from "../../dist/wasm/cryptab_wasm.js";
import { type Failure, failureOf } from "../errors.ts";
import { type Making, operandsOf } from "../operation.ts";

export class Tensors {
  #tensors = new Map<number, Tensor>();
  /** Why there is no tensor of a number. */
  #failures = new Map<number, Failure>();

  /** Records an operation. If it fails, so does every reveal of what depends on it. */
  make(tensor: number, how: Making, session: () => Session): void {
    try {
      for (const operand of operandsOf(how)) this.#get(operand);
      this.#tensors.set(tensor, this.#made(how, session()));
    } catch (thrown) {
      if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
      this.#failures.set(tensor, failureOf(thrown));
    }
  }

  async reveal(a: number, to: number | undefined): Promise<Float64Array | undefined> {
    const tensor = this.#get(a);
    return to === undefined ? tensor.reveal() : tensor.revealTo(to);
  }

  forget(tensor: number): void {
    this.#tensors.get(tensor)?.free();
    this.#tensors.delete(tensor);
    this.#failures.delete(tensor);
  }

  /** A new session: tensors of the old one mean nothing there. */
  clear(): void {
    for (const tensor of this.#tensors.values()) tensor.free();
    this.#tensors.clear();
    this.#failures.clear();
  }

  #get(tensor: number): Tensor {
    const found = this.#tensors.get(tensor);
    if (found) return found;
    const message = "the tensor belongs to a session that is over";
    throw this.#failures.get(tensor) ?? ({ fault: "misuse", code: "ended", message } satisfies Failure);
  }

  #made(how: Making, session: Session): Tensor {
    switch (how.do) {
      case "input":
        return session.input(how.owner, sizes(how.shape), how.data);
      case "constant":
        return session.constant(sizes(how.shape), how.data);
      case "unary":
        return this.#get(how.a).unary(how.name);
      case "binary":
        return this.#get(how.a).binary(how.name, this.#get(how.b));
      case "where":
        return this.#get(how.a).choose(this.#get(how.condition), this.#get(how.b));
      case "clamp":
        return this.#get(how.a).clamp(how.low, how.high);
      case "conv2d":
        return this.#get(how.a).conv2d(this.#get(how.kernel), sizes(how.parameters));
      case "within":
        return this.#get(how.a).within(how.width);
      case "reshape":
        return this.#get(how.a).reshape(sizes(how.sizes));
      case "permute":
        return this.#get(how.a).permute(sizes(how.sizes));
      case "broadcastTo":
        return this.#get(how.a).broadcastTo(sizes(how.sizes));
      case "slice":
        return this.#get(how.a).slice(Int32Array.from(how.ranges));
      case "pad":
        return this.#get(how.a).pad(sizes(how.widths), how.edge);
      case "sum":
        return this.#get(how.a).sum(sizes(how.axes), how.keep);
      case "mean":
        return this.#get(how.a).mean(sizes(how.axes), how.keep);
      case "concat":
        // The engine takes handles for good: give it copies.
        return Tensor.concat(
          how.parts.map((part) => this.#get(part).share()),
          how.axis,
        );
    }
  }
}

function sizes(numbers: readonly number[]): Uint32Array {
  return Uint32Array.from(numbers);
}
