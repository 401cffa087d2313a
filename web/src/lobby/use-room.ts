/** Drives one room: joins it, starts the run when this tab and everyone else are ready, and stops it. */
import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import {
  type Adjust,
  type Authentication,
  joinRoom,
  ownerOf,
  type Role,
  type Room,
  type Route,
} from "../client";
import { linkTo } from "../route";
import { troubleFrom, troubleOf } from "../ui/trouble";
import { bytesOf, contributionOf, forgetPerson, rememberPerson } from "./came-back";
import { canRun, OUTSIDE, type RoomState, roomReducer } from "./room-state";

/** What this tab puts in; kept in the tab between runs. */
export type Contribution =
  | { role: "photo"; image: ImageData }
  | { role: "adjust"; adjust: Adjust }
  | { role: "help" };

export type Person = { name: string; role: Role; route: Route };

export type RoomHandle = {
  state: RoomState;
  /** What this tab put in before it was reloaded, where the run goes on. */
  restored: Contribution | undefined;
  /** Joins, or joins anew after trouble. */
  enter(person: Person): void;
  /** Says "I am ready" with what this tab puts in, or takes it back. */
  arm(contribution: Contribution | undefined): void;
  /** This user has compared the words with all others. */
  confirm(compared: Authentication): void;
  /** This user accepts the changed key of somebody. */
  accept(slot: number): void;
  /** Stops a run: the others see this tab leave. */
  cancel(): void;
  /** Back to the lobby for another run. */
  again(): void;
  /** As the room's owner, whose secret key this is: removes whoever came by a token, or closes the room. */
  order(secret: string, token?: string): void;
  /** Back to the door, to choose another role or name. */
  leave(): void;
};

export function useRoom(invite: string): RoomHandle {
  const [state, dispatch] = useReducer(roomReducer, OUTSIDE);
  const room = useRef<Room | undefined>(undefined);
  const person = useRef<Person | undefined>(undefined);
  const contribution = useRef<Contribution | undefined>(undefined);
  const [restored, setRestored] = useState<Contribution>();
  // Events and results of a room that this tab has left count for nothing.
  const visit = useRef(0);

  const close = useCallback(() => {
    visit.current += 1;
    room.current?.close();
    room.current = undefined;
  }, []);
  useEffect(() => close, [close]);

  const run = useCallback(async (isNew = true) => {
    const here = visit.current;
    const { current: joined } = room;
    const { current: mine } = contribution;
    if (!joined || !mine) return;
    dispatch({ type: "run" });
    try {
      if (isNew) await joined.keep(bytesOf(mine));
      const result = await joined.photo(inputOf(mine));
      if (visit.current === here) dispatch({ type: "finish", result });
    } catch (error) {
      if (visit.current === here) dispatch({ type: "stop", trouble: troubleFrom(error) });
      throw error;
    }
  }, []);

  /** Does again what was done in the session before the reload; the last run goes on where it was. */
  const goOn = useCallback(async () => {
    const here = visit.current;
    for (const bytes of (await room.current?.kept()) ?? []) {
      if (visit.current !== here) return;
      contribution.current = contributionOf(bytes);
      setRestored(contribution.current);
      try {
        await run(false);
      } catch {
        return; // It has said so.
      }
    }
  }, [run]);

  const enter = useCallback(
    async (who: Person) => {
      close();
      person.current = who;
      rememberPerson(invite, who);
      const here = visit.current;
      const current = () => visit.current === here;
      let resumed = false;
      dispatch({ type: "enter" });
      try {
        const joined = await joinRoom(linkTo(invite, "photo"), {
          ...who,
          resume: true,
          onEvent: (event) => {
            if (!current()) return;
            resumed ||= event.type === "ready" && event.resumed;
            dispatch(event);
          },
        });
        if (!current()) return joined.close();
        room.current = joined;
        dispatch({ type: "entered" });
        if (resumed) void goOn();
      } catch (error) {
        if (current()) dispatch({ type: "stop", trouble: troubleFrom(error) });
      }
    },
    [invite, close, goOn],
  );

  const go = state.stage.at === "lobby" && state.stage.armed && canRun(state);
  useEffect(() => {
    // It has said what went wrong.
    if (go) run().catch(() => {});
  }, [go, run]);

  return {
    state,
    restored,
    enter: (who) => void enter(who),
    arm: (mine) => {
      contribution.current = mine;
      dispatch({ type: "arm", armed: mine !== undefined });
    },
    // Whoever has left meanwhile is neither verified nor accepted; the page shows that anyway.
    confirm: (compared) => void room.current?.confirm(compared).catch(() => {}),
    accept: (slot) => void room.current?.accept(slot).catch(() => {}),
    cancel: () => {
      close();
      dispatch({ type: "stop", trouble: troubleOf("cancelled") });
    },
    again: () => {
      if (state.open) dispatch({ type: "again" });
      else if (person.current) void enter(person.current);
    },
    order: (secret, token) => {
      const here = visit.current;
      dispatch({ type: "order" });
      ownerOf(linkTo(invite, "photo"), secret)
        .then((owner) => (token ? owner.revoke(token, room.current) : owner.close(room.current)))
        .catch((error: unknown) => {
          if (visit.current === here) dispatch({ type: "refuse", trouble: troubleFrom(error) });
        });
    },
    leave: () => {
      close();
      forgetPerson(invite);
      dispatch({ type: "leave" });
    },
  };
}

function inputOf(mine: Contribution): { image?: ImageData; adjust?: Adjust } {
  switch (mine.role) {
    case "photo":
      return { image: mine.image };
    case "adjust":
      return { adjust: mine.adjust };
    case "help":
      return {};
  }
}
