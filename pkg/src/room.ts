/** A party in a room. */
import { BENCH, type BenchOptions } from "./bench.ts";
import { Connection } from "./connection.ts";
import { CrypTabError, misuse } from "./errors.ts";
import type { Authentication, Member, Role, SessionEvent } from "./events.ts";
import { secondTab, takeIdentity } from "./identity.ts";
import type { Picture, Requests } from "./messages.ts";
import type { PhotoInput, PhotoResult } from "./results.ts";
import { Session } from "./session.ts";
import { keep, kept } from "./storage/kept.ts";
import { change } from "./storage/records.ts";
import { acquaintances, keepAcquaintance } from "./storage.ts";

/**
 * How a smooth function of a masked number is evaluated: with trigonometric sums, for which the dealer sends
 * the fewest bytes, or with polynomials on pieces, for which it sends up to four times as many.
 */
export type Evaluator = "trigonometric" | "polynomial";

/**
 * Which way messages between two parties take: directly where that is possible and faster, else through the
 * relay (`best`); through the relay alone, so that no party learns another's network address; or directly
 * alone. They are sealed end to end on either way.
 */
export type Route = "best" | "relay" | "direct";

export type JoinOptions = {
  /** What the others shall call this party. */
  name: string;
  /** Needed in a room of the photo program; `help` by default. */
  role?: Role;
  /** How smooth functions are evaluated, the same at all parties; `trigonometric` by default. */
  evaluator?: Evaluator;
  /** Which way messages take; `best` by default. */
  route?: Route;
  /**
   * Whole seconds that a session waits for a party, the relay or the dealer that cannot be reached, before it
   * fails; 60 by default.
   */
  patience?: number;
  /**
   * Whether a tab that is reloaded goes on with the session it was in, instead of ending it for everyone: then
   * whatever comes from the others is kept in this browser, sealed, before this party answers it, which takes a
   * little longer. After the reload the page calls `join` again, hears `ready` with `resumed`, and computes the
   * same with the same data; other data are refused. What it needs for that it can {@link Room.keep}. Where the
   * browser keeps nothing, nothing is resumed. `false` by default.
   */
  resume?: boolean;
  onEvent?: (event: SessionEvent) => void;
  /** Aborting it leaves the room. */
  signal?: AbortSignal;
};

/**
 * Enters the room that a link names; resolves once this party is inside. The others may still be
 * missing: see {@link Room.ready} and the events.
 *
 * A tab that is reloaded comes back as the same member, and with `resume` into the same session. The key by
 * which others know this browser again is kept in it, and so are the keys of those it meets.
 *
 * @throws {CrypTabError} `link`, `expired`, `room-full`, `second-tab`, `relay-lost` ...
 */
export async function join(link: string, options: JoinOptions): Promise<Room> {
  const { name, role = "help", evaluator = "trigonometric", route = "best" } = options;
  const { patience, resume = false, onEvent, signal } = options;
  signal?.throwIfAborted();
  const { secret: identity, journal: tab, release } = await takeIdentity(fragmentOf(link));
  const leave = () => room.close();
  const released = () => {
    signal?.removeEventListener("abort", leave);
    release();
  };
  const journal = resume && !savesFail ? tab : undefined;
  const room = new Room(new Connection(), journal, released, onEvent);
  signal?.addEventListener("abort", leave);
  try {
    // It may have been aborted while the identity was taken.
    signal?.throwIfAborted();
    if (tab && !journal) await forget(tab);
    const known = await acquaintances();
    const entry = { link, identity, name, role, evaluator, route, patience, journal, acquaintances: known };
    await room.enter(entry);
  } catch (error) {
    room.close();
    signal?.throwIfAborted();
    throw error;
  }
  return room;
}

/** Nothing is kept for a party that enters anew. */
async function forget(tab: string): Promise<void> {
  // Where nothing can be kept, nothing is.
  await change(tab, ["forget"]).catch(() => {});
}

/** Whether a journal could not be written: the next session of this page goes without one. */
let savesFail = false;

type Entry = Requests["join"]["asks"];

/** A party in a room, as {@link join} makes it. */
export class Room {
  #connection: Connection;
  #journal: string | undefined;
  #release: () => void;
  #me: Member | undefined;
  #members: Member[] = [];
  #authentication: Authentication | undefined;
  #session: Session | undefined;
  #awaiting: { resolve(session: Session): void; reject(error: Error): void }[] = [];
  #failure = misuse("this party is outside the room");
  #open = true;

  /** @internal */
  constructor(
    connection: Connection,
    journal: string | undefined,
    release: () => void,
    onEvent: JoinOptions["onEvent"],
  ) {
    this.#connection = connection;
    this.#journal = journal;
    this.#release = release;
    connection.onAcquainted = (acquaintance) => void keepAcquaintance(acquaintance);
    connection.onEvent = (event) => {
      this.#notice(event);
      onEvent?.(event);
    };
  }

  /** @internal */
  async enter(entry: Entry): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      try {
        this.#me = await this.#connection.request("join", entry);
        return;
      } catch (error) {
        if (!(error instanceof CrypTabError)) throw error;
        if (error.code === "journal" && this.#journal) {
          // Of another version of the page, or of another role: nobody can go on with it.
          await forget(this.#journal);
          continue;
        }
        // After a crash the relay may take a moment to notice that the former connection is gone.
        if (error.code !== "member-present") throw error;
        if (performance.now() > deadline) throw secondTab();
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  }

  /** @internal What {@link Owner} wants, said through this room. */
  async order(asks: Requests["order"]["asks"]): Promise<void> {
    try {
      await this.#connection.request("order", asks);
    } catch (error) {
      // Whoever closes a room is sent away with the others, before the answer comes.
      const obeyed = asks.revoke === undefined && error instanceof CrypTabError && error.code === "closed";
      if (!obeyed) throw error;
    }
  }

  /** This party, as the others see it. */
  get me(): Member {
    const me = this.#members.find(({ you }) => you) ?? this.#me;
    if (!me) throw misuse("this party is outside the room");
    return me;
  }

  /** Everyone in the room. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /**
   * What people compare over another channel, once everyone is here: equal on every screen means that nobody
   * sits in between.
   */
  get authentication(): Authentication | undefined {
    return this.#authentication;
  }

  /**
   * The user has compared this `authentication` with all others: they are verified, and known again by their
   * keys. Rejects when there is another one by now, because someone came or left.
   */
  async confirm(compared: Authentication): Promise<void> {
    await this.#connection.request("confirm", { compared });
  }

  /** The user accepts the changed key of the party in this slot. */
  async accept(slot: number): Promise<void> {
    await this.#connection.request("accept", { slot });
  }

  /**
   * Keeps a value for the time after a reload, sealed, as long as the session lasts; does nothing without
   * `resume`.
   */
  async keep(value: Uint8Array<ArrayBuffer>): Promise<void> {
    // Where nothing can be kept there is no journal either.
    if (this.#journal) await keep(this.#journal, value).catch(() => {});
  }

  /** The values that were kept in the session under way, in order; before the reload, too. */
  async kept(): Promise<Uint8Array<ArrayBuffer>[]> {
    return this.#journal ? kept(this.#journal).catch(() => []) : [];
  }

  /**
   * The session, once everyone is here and every channel is sealed. When it fails, and the room is
   * complete again, there is a new one: tensors of the old one are lost.
   */
  ready(): Promise<Session> {
    if (this.#session) return Promise.resolve(this.#session);
    if (!this.#open) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#awaiting.push({ resolve, reject }));
  }

  /** The session under way. @throws {CrypTabError} when none is; see {@link ready}. */
  session(): Session {
    if (!this.#session) throw misuse("no session is ready yet: await room.ready()");
    return this.#session;
  }

  /**
   * Takes part in adjusting the photo: the owner passes `image`, the adjuster `adjust`, a helper nothing.
   * Resolves when this party is done; the adjusted photo is at its owner alone.
   *
   * Waits until the others take part too. @throws {CrypTabError} when the session fails meanwhile.
   */
  async photo({ image, adjust }: PhotoInput): Promise<PhotoResult> {
    const picture = image && pictureOf(image);
    const asks = { image: picture, adjust };
    const answer = await this.#connection.request("photo", asks, picture ? [picture.data.buffer] : []);
    const result = { share: imageOf(answer.share), stats: answer.stats };
    return answer.image ? { ...result, image: imageOf(answer.image) } : result;
  }

  /** Measures rows of the bench with the others, who call this too. */
  async bench(options: BenchOptions = {}): Promise<void> {
    const { rows = BENCH.filter(({ quick }) => quick).map(({ id }) => id), signal } = options;
    this.#connection.bench = options;
    const stop = () => this.#connection.tell({ type: "stop-bench" });
    signal?.addEventListener("abort", stop);
    try {
      const done = this.#connection.request("bench", { rows });
      if (signal?.aborted) stop();
      await done;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Leaves the room. What is pending rejects. */
  close(): void {
    if (!this.#open) return;
    this.#end();
    void this.#connection.close().then(() => this.#leave());
  }

  #notice(event: SessionEvent): void {
    switch (event.type) {
      case "lobby":
        this.#members = event.members;
        this.#authentication = event.authentication;
        break;
      case "ready": {
        const session = new Session(this.#connection, () => this.#members);
        this.#session = session;
        for (const { resolve } of this.#awaiting.splice(0)) resolve(session);
        break;
      }
      case "failed":
        savesFail ||= event.error.code === "unsaved";
        this.#failure = event.error;
        this.#session = undefined;
        break;
      case "closed":
        if (!this.#open) return;
        this.#end();
        // Whatever made the session fail is why this party is outside.
        void this.#connection.close(this.#failure).then(() => this.#leave());
        break;
    }
  }

  /** Once the Worker has gone. */
  async #leave(): Promise<void> {
    if (this.#journal) await forget(this.#journal);
    this.#release();
  }

  #end(): void {
    this.#open = false;
    this.#session = undefined;
    for (const { reject } of this.#awaiting.splice(0)) reject(this.#failure);
  }
}

function fragmentOf(link: string): string {
  const at = link.indexOf("#");
  if (at >= 0) return link.slice(at + 1);
  const message = "this is not an invite link: the part after # is missing";
  throw new CrypTabError({ fault: "input", code: "link", message });
}

/** A copy, to be transferred: the page keeps its own. */
function pictureOf({ width, height, data }: ImageData): Picture {
  return { width, height, data: new Uint8ClampedArray(data) };
}

function imageOf({ width, height, data }: Picture): ImageData {
  return new ImageData(data, width, height);
}

/** Milliseconds that a former connection of this member is waited for. */
const PATIENCE = 5_000;
const PAUSE = 250;
