/** The engine's tensors by the numbers that the page knows them by. */
import { type LateInput, type Session, Tensor } from "../../dist/wasm/cryptab_wasm.js";
import { type Failure, failureOf } from "../errors.ts";
import type { Making, Operation } from "../operation.ts";
import type { Kind } from "../results.ts";
import { shown } from "../shape.ts";

type Made = Extract<Operation, { do: "make" }>;

export class Tensors {
  #tensors = new Map<number, Tensor>();
  /** Those whose numbers come later. */
  #late = new Map<number, LateInput>();
  /** Why there is no tensor of a number. */
  #failures = new Map<number, Failure>();

  /** Records an operation. If it fails, so does every reveal of what depends on it. */
  make({ tensors, shapes, how }: Made, session: () => Session): void {
    try {
      const made = this.#made(how, session(), tensors);
      const found = made.map(({ shape }) => shown([...shape])).join(" ");
      const expected = shapes.map(shown).join(" ");
      if (found !== expected) throw unexpected(how, found, expected);
      made.forEach((tensor, at) => {
        this.#set(tensors[at] ?? 0, tensor);
      });
    } catch (thrown) {
      if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
      for (const tensor of tensors) {
        // An in-place function that fails leaves no tensor behind.
        this.forget(tensor);
        this.#failures.set(tensor, failureOf(thrown));
      }
    }
  }

  /** The numbers of an input that came later: what cannot be entered ends the session. */
  enter(tensor: number, numbers: Float64Array): void {
    const late = this.#late.get(tensor);
    try {
      late?.enter(numbers);
      late?.free();
    } catch (thrown) {
      if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
      this.abandon(tensor, failureOf(thrown).message);
    }
    this.#late.delete(tensor);
  }

  abandon(tensor: number, reason: string): void {
    // The engine says so again.
    this.#late.get(tensor)?.abandon(reason.replace(/^input: /, ""));
    this.#late.delete(tensor);
  }

  async reveal(a: number, to: number | undefined): Promise<Float64Array | undefined> {
    const tensor = this.#get(a);
    return to === undefined ? tensor.reveal() : tensor.revealTo(to);
  }

  async localShare(a: number): Promise<BigUint64Array> {
    return this.#get(a).localShare();
  }

  async kind(a: number): Promise<Kind> {
    return this.#get(a).kind;
  }

  forget(tensor: number): void {
    this.#tensors.get(tensor)?.free();
    this.#tensors.delete(tensor);
    this.#failures.delete(tensor);
  }

  /** A new session: tensors of the old one mean nothing there. */
  clear(): void {
    for (const tensor of this.#tensors.values()) tensor.free();
    for (const late of this.#late.values()) late.free();
    this.#tensors.clear();
    this.#late.clear();
    this.#failures.clear();
  }

  #set(tensor: number, made: Tensor): void {
    this.#tensors.get(tensor)?.free();
    this.#tensors.set(tensor, made);
  }

  #get(tensor: number): Tensor {
    const found = this.#tensors.get(tensor);
    if (found) return found;
    const message = "the tensor belongs to a session that is over";
    throw this.#failures.get(tensor) ?? ({ fault: "misuse", code: "ended", message } satisfies Failure);
  }

  #made(how: Making, session: Session, numbers: readonly number[]): Tensor[] {
    switch (how.do) {
      case "input-later": {
        const late = session.inputLater(Uint32Array.from(how.shape), how.fracBits);
        this.#late.set(numbers[0] ?? 0, late);
        const tensor = late.takeTensor();
        return tensor ? [tensor] : [];
      }
      case "input":
        return [session.input(how.owner, Uint32Array.from(how.shape), how.data, how.fracBits)];
      case "constant":
        return [session.constant(Uint32Array.from(how.shape), how.data, how.fracBits)];
      case "rand":
      case "randn":
        return [session[how.do](Uint32Array.from(how.shape))];
      case "randint":
        return [session.randint(how.low, how.high, Uint32Array.from(how.shape))];
      case "randperm":
        return [session.randperm(how.count)];
      case "apply": {
        const operands = how.operands.map((operand) => this.#get(operand));
        // The engine takes handles for good: give it copies.
        return Tensor.apply(
          how.name,
          operands.map((operand) => operand.share()),
          how.with,
        );
      }
    }
  }
}

function unexpected(how: Making, found: string, expected: string): Failure {
  const name = how.do === "apply" ? how.name : how.do;
  return { fault: "bug", code: "bug", message: `${name} gave ${found}, the page expected ${expected}` };
}
