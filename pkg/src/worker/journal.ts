/** A session's journal in the browser's storage. The engine has sealed its entries before they come here. */
import { messageOf } from "../errors.ts";
import { begin, type Change, change, records } from "../storage/records.ts";

/** What the engine's side hears of its journal. */
type Hear = (said: { saved: number } | { forgotten: true } | { lost: string }) => void;

export class Journal {
  /** What was saved before the tab was reloaded. */
  readonly entries: Uint8Array[];
  #tab: string;
  #next: number;
  #hear: Hear = () => {};
  /** What is to be done; the number of an entry goes back to the engine. */
  #work: { change: Change; number?: number }[] = [];
  #writing: Promise<void> | undefined;
  #lost: string | undefined;

  private constructor(tab: string, entries: Uint8Array[]) {
    this.#tab = tab;
    this.entries = entries;
    this.#next = entries.length;
  }

  /** The journal of this tab. @throws where nothing can be kept */
  static async open(tab: string): Promise<Journal> {
    await begin(tab, Date.now());
    return new Journal(tab, await records<Uint8Array>(tab, "entry"));
  }

  listen(hear: Hear): void {
    this.#hear = hear;
  }

  save(number: number, entry: Uint8Array): void {
    this.#do({ change: { put: entry, kind: "entry", number: this.#next }, number });
    this.#next += 1;
  }

  forget(): void {
    this.#do({ change: "forget" });
    this.#next = 0;
  }

  /** Done when all that was to be done is, and the engine has heard so. */
  async idle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #do(work: { change: Change; number?: number }): void {
    this.#work.push(work);
    this.#writing ??= this.#write();
  }

  /** Entries that come while others are written are written together. */
  async #write(): Promise<void> {
    // What is told in one turn is written together, too.
    await Promise.resolve();
    while (this.#work.length > 0) {
      const work = this.#work.splice(0);
      try {
        if (this.#lost) throw new Error(this.#lost);
        const changes = work.map(({ change }) => change);
        await change(this.#tab, changes);
      } catch (error) {
        this.#lost = messageOf(error);
        // The session will not go on, so no reloaded tab shall try.
        await change(this.#tab, ["forget"]).catch(() => {});
        this.#hear({ lost: this.#lost });
        continue;
      }
      const last = work.findLast(({ number }) => number !== undefined)?.number;
      if (last !== undefined) this.#hear({ saved: last });
      if (work.some(({ change }) => change === "forget")) this.#hear({ forgotten: true });
    }
    this.#writing = undefined;
  }
}
