/** A session's journal in the browser's storage. The engine has sealed its entries before they come here. */
import { messageOf } from "../errors.ts";
import { begin, type Change, change, records } from "../storage/records.ts";

/** What the engine's side hears of its journal. */
type Hear = (said: { saved: number } | { lost: string }) => void;

export class Journal {
  /** What was saved before the tab was reloaded. */
  readonly entries: Uint8Array[];
  #tab: string;
  #next: number;
  #hear: Hear = () => {};
  /** What is to be done; the number of an entry goes back to the engine. */
  #work: { change: Change; number?: number }[] = [];
  #writing = false;
  #lost = false;

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

  #do(work: { change: Change; number?: number }): void {
    this.#work.push(work);
    if (!this.#writing && !this.#lost) void this.#write();
  }

  /** Entries that come while others are written are written together. */
  async #write(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#work.length > 0) {
        const work = this.#work.splice(0);
        const changes = work.map(({ change }) => change);
        await change(this.#tab, changes);
        const last = work.findLast(({ number }) => number !== undefined)?.number;
        if (last !== undefined) this.#hear({ saved: last });
      }
    } catch (error) {
      this.#lost = true;
      this.#work = [];
      this.#hear({ lost: messageOf(error) });
    } finally {
      this.#writing = false;
    }
  }
}
