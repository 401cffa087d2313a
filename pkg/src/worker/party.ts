/** One party: its place in a room, its session, and what runs in it. */
import { orderAsOwner, Room, type Session } from "../../dist/wasm/cryptab_wasm.js";
import type { Failure } from "../errors.ts";
import type { Acquaintance, Authentication, Member, SessionEvent } from "../events.ts";
import type { FromWorker, Requests, WorkerEvent } from "../messages.ts";
import type { Operation } from "../operation.ts";
import { toRgb, toRgba } from "../pixels.ts";
import type { Cost } from "../results.ts";
import { bench } from "./bench.ts";
import { DirectLine, type Hear } from "./direct.ts";
import { Journal } from "./journal.ts";
import { departed } from "./lobby.ts";
import { Reporter } from "./reporter.ts";
import { Tensors } from "./tensors.ts";

/** Events as the engine's side tells them. */
type Told =
  | (Omit<Extract<SessionEvent, { type: "lobby" }>, "online"> & { is_online: boolean })
  | { type: "acquainted"; acquaintance: Acquaintance }
  | { type: "ready" }
  | { type: "failed" | "closed"; error: Failure };

type Asks<K extends keyof Requests> = Requests[K]["asks"];
type Answer<K extends keyof Requests> = Requests[K]["answer"];

/** Answers a request of the page when the work is done. */
export type Answering = (request: number, work: () => Promise<unknown>) => void;

export class Party {
  #tell: (message: FromWorker, transfer?: Transferable[]) => void;
  #room: Room | undefined;
  #session: Session | undefined;
  #tensors = new Tensors();
  #members: Member[] = [];
  #reporter: Reporter;
  #benchStopped = false;
  #journal: Journal | undefined;
  /** Whether the next session is the one from before the reload. */
  #resumes = false;

  constructor(tell: (message: FromWorker, transfer?: Transferable[]) => void) {
    this.#tell = tell;
    this.#reporter = new Reporter(
      () => this.#room?.progress(),
      (progress) => this.#event({ type: "progress", ...progress }),
    );
  }

  /** Enters the room; done when inside. */
  async join({ link, identity, ...asked }: Asks<"join">): Promise<Member> {
    this.#room?.free();
    this.#room = undefined;
    const journal = asked.journal ? await Journal.open(asked.journal).catch(() => undefined) : undefined;
    this.#journal = journal;
    this.#resumes = journal !== undefined && journal.entries.length > 0;
    return new Promise((resolve, reject) => {
      let inside = false;
      const hear = (told: Told): void => {
        if ("error" in told && !inside) reject(told.error);
        const me = told.type === "lobby" && told.members.find(({ you }) => you);
        if (me && !inside) {
          inside = true;
          resolve(me);
        }
        if (inside) this.#hear(told);
      };
      const connect = (offers: boolean, said: Hear) => this.#connectDirect(link, offers, said);
      const { name, role, evaluator, route, acquaintances, patience } = asked;
      const options = { name, role, evaluator, route, acquaintances, patience };
      this.#room = Room.join(link, identity, options, hear, connect, journal);
    });
  }

  async photo({ image, adjust }: Asks<"photo">): Promise<Answer<"photo">> {
    const room = this.#inside();
    const { width, height } = image ?? { width: 0, height: 0 };
    return this.#reporter.during(async (figures) => {
      const photo = await room.photo(image && toRgb(image.data), width, height, adjust);
      const { rounds, bytes, dealerBytes } = figures();
      const size = { width: photo.width, height: photo.height };
      const stats = { rounds, bytes, dealerBytes, seconds: photo.seconds };
      const share = { ...size, data: toRgba(photo.share) };
      const { result } = photo;
      photo.free();
      return { image: result && { ...size, data: toRgba(result) }, share, stats };
    });
  }

  async bench({ rows }: Asks<"bench">): Promise<undefined> {
    const session = this.#ready();
    const me = this.#members.find(({ you }) => you)?.slot ?? 0;
    this.#benchStopped = false;
    await this.#reporter.during((figures) =>
      bench({
        session,
        me,
        rows,
        figures,
        onStart: (row, at, of) => this.#tell({ type: "row-started", row, at, of }),
        onRow: (row) => this.#tell({ type: "row", row }),
        stopped: () => this.#benchStopped,
      }),
    );
  }

  /** Ends the bench after the row that is measured. */
  stopBench(): void {
    this.#benchStopped = true;
  }

  /** The user has compared the words. */
  async confirm(compared: Authentication): Promise<undefined> {
    this.#inside().confirm(compared);
  }

  /** The user accepts a changed key. */
  async accept({ slot }: Asks<"accept">): Promise<undefined> {
    this.#inside().accept(slot);
  }

  cost(): Cost {
    return this.#ready().cost();
  }

  /** Records what the page recorded in one turn. */
  record(operations: Operation[], answer: Answering): void {
    for (const operation of operations) {
      switch (operation.do) {
        case "make":
          this.#tensors.make(operation, () => this.#ready());
          break;
        case "forget":
          this.#tensors.forget(operation.tensor);
          break;
        case "enter":
          this.#tensors.enter(operation.tensor, operation.data);
          break;
        case "abandon":
          this.#tensors.abandon(operation.tensor, operation.reason);
          break;
        case "dealt":
          answer(operation.request, () => this.#ready().dealt());
          break;
        case "reveal": {
          const { a, to } = operation;
          const revealed = this.#tensors.reveal(a, to);
          answer(operation.request, () => this.#reporter.during(() => revealed));
          break;
        }
        case "share":
          answer(operation.request, () => this.#tensors.localShare(operation.a));
          break;
        case "kind":
          answer(operation.request, () => this.#tensors.kind(operation.a));
          break;
      }
    }
  }

  /** What the owner wants: through the room when inside, else to the relay alone. */
  async order({ link, secret, revoke }: Asks<"order">): Promise<undefined> {
    if (this.#room) this.#room.order(secret, revoke);
    else await orderAsOwner(link, secret, revoke);
  }

  /** Leaves the room; done when all that was to be said has been handed over. */
  async close(): Promise<void> {
    this.#reporter.stop();
    this.#room?.close();
    await this.#journal?.idle();
  }

  /** Has the page make a direct connection. */
  #connectDirect(link: string, offers: boolean, hear: Hear): DirectLine {
    const { port1, port2 } = new MessageChannel();
    this.#tell({ type: "direct", line: port2, offers, site: new URL(link).origin }, [port2]);
    return new DirectLine(port1, hear);
  }

  #hear(told: Told): void {
    switch (told.type) {
      case "lobby": {
        const { members, parties, is_online: online, dealer, authentication } = told;
        const gone = departed(this.#members, members);
        this.#members = members;
        for (const member of gone) this.#event({ type: "left", member });
        this.#event({ type: "lobby", members, parties, online, dealer, authentication });
        break;
      }
      case "acquainted":
        this.#tell(told);
        break;
      case "ready":
        this.#session?.free();
        this.#session = this.#inside().session();
        this.#tensors.clear();
        this.#event({ type: "ready", resumed: this.#resumes });
        this.#resumes = false;
        break;
      case "failed":
        this.#event({ type: "failed", failure: told.error });
        break;
      case "closed":
        // Whoever left knows why; whoever was sent away does not.
        if (told.error.code !== "ended") this.#event({ type: "failed", failure: told.error });
        this.#event({ type: "closed" });
        break;
    }
  }

  #event(event: WorkerEvent): void {
    this.#tell({ type: "event", event });
  }

  #inside(): Room {
    if (this.#room) return this.#room;
    throw { fault: "misuse", code: "misuse", message: "this party is outside the room" } satisfies Failure;
  }

  #ready(): Session {
    if (this.#session) return this.#session;
    throw { fault: "misuse", code: "misuse", message: "no session is ready yet" } satisfies Failure;
  }
}
