/** Reports progress while something runs: at most ten times a second, and only when it has changed. */
import type { Progress } from "../events.ts";
import type { Cost } from "../results.ts";

type Read = () => Omit<Progress, "seconds"> | undefined;

/** What the work has cost so far. */
export type Figures = () => Cost;

export class Reporter {
  #read: Read;
  #report: (progress: Progress) => void;
  #running = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #start = 0;
  #base = { round: 0, rounds: 0, bytes: 0, dealerBytes: 0 };
  #last = "";

  constructor(read: Read, report: (progress: Progress) => void) {
    this.#read = read;
    this.#report = report;
  }

  /** Reports while the work lasts. What was done before it began does not count. */
  async during<A>(work: (figures: Figures) => Promise<A>): Promise<A> {
    if (this.#running === 0) this.#begin();
    this.#running += 1;
    const base = this.#figures();
    try {
      return await work(() => {
        const now = this.#figures();
        return {
          rounds: now.rounds - base.rounds,
          bytes: now.bytes - base.bytes,
          dealerBytes: now.dealerBytes - base.dealerBytes,
        };
      });
    } finally {
      this.#running -= 1;
      this.#tell();
      if (this.#running === 0) this.stop();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #figures(): Cost {
    const { round = 0, bytes = 0, dealerBytes = 0 } = this.#read() ?? {};
    return { rounds: round, bytes, dealerBytes };
  }

  #begin(): void {
    this.#start = performance.now();
    const { round = 0, bytes = 0, dealerBytes = 0 } = this.#read() ?? {};
    // Everything recorded before has been done, or counts as part of this.
    this.#base = { round, rounds: round, bytes, dealerBytes };
    this.#last = "";
    this.#timer = setInterval(() => this.#tell(), PAUSE);
  }

  #tell(): void {
    const now = this.#read();
    if (!now) return;
    const { stage, waitingFor } = now;
    const progress = {
      stage,
      round: now.round - this.#base.round,
      rounds: Math.max(0, now.rounds - this.#base.rounds),
      bytes: now.bytes - this.#base.bytes,
      dealerBytes: now.dealerBytes - this.#base.dealerBytes,
      waitingFor,
    };
    const shown = JSON.stringify(progress);
    if (shown === this.#last) return;
    this.#last = shown;
    this.#report({ ...progress, seconds: (performance.now() - this.#start) / 1000 });
  }
}

/** Milliseconds between reports. */
const PAUSE = 100;
