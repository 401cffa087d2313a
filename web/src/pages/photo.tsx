import { useCallback, useEffect, useState } from "preact/hooks";
import type { Adjust, Role } from "../client";
import { personBefore } from "../lobby/came-back";
import { Door } from "../lobby/door";
import { useGranted } from "../lobby/granted";
import { Lobby } from "../lobby/lobby";
import { madeHere } from "../lobby/made-here";
import type { RoomState } from "../lobby/room-state";
import { type Contribution, useRoom } from "../lobby/use-room";
import { AdjusterPanel } from "../photo/adjuster";
import type { Photo } from "../photo/decode";
import { NEUTRAL } from "../photo/filters";
import { HelperPanel } from "../photo/helper";
import { OwnerPanel } from "../photo/owner";
import { ResultPanel } from "../photo/result";
import { RunPanel } from "../photo/run";
import { USUAL_LONGEST_SIDE } from "../photo/size";
import { looksLikeInvite } from "../route";
import { Heading } from "../ui/heading";
import { troubleOf } from "../ui/trouble";
import { TroublePanel } from "../ui/trouble-panel";

/** A photo room, from the door to the result. */
export function PhotoPage({ invite }: { invite: string }) {
  if (looksLikeInvite(invite)) return <PhotoRoom invite={invite} />;
  return (
    <div class="room alone">
      <TroublePanel trouble={troubleOf("bad-link")} onStartAgain={toFront} />
    </div>
  );
}

function PhotoRoom({ invite }: { invite: string }) {
  const { state, restored, enter, arm, confirm, accept, cancel, again, order, leave } = useRoom(invite);
  const [made] = useState(() => madeHere(invite));
  const granted = useGranted(invite, made);
  const [before] = useState(() => personBefore(invite));
  const [role, setRole] = useState<Role>(before?.role ?? (made ? "photo" : "adjust"));
  const [photo, setPhoto] = useState<Photo>();
  const [longest, setLongest] = useState<number>(USUAL_LONGEST_SIDE);
  const [adjust, setAdjust] = useState<Adjust>(NEUTRAL);
  const { stage } = state;

  useEffect(() => {
    if (before) enter(before);
  }, []);
  useEffect(() => {
    if (restored?.role === "adjust") setAdjust(restored.adjust);
  }, [restored]);

  const onArm = useCallback(
    (armed: boolean) => arm(armed ? contribution(role, photo, adjust) : undefined),
    [arm, role, photo, adjust],
  );

  if (stage.at === "door" || stage.at === "entering") {
    const heading = made ? MADE : INVITED;
    return (
      <div class="room at-door">
        <Heading {...heading} />
        <Door
          firstRole={role}
          granted={granted}
          entering={stage.at === "entering"}
          onEnter={(person) => {
            setRole(person.role);
            enter(person);
          }}
        />
      </div>
    );
  }

  const work = () => {
    switch (stage.at) {
      case "lobby": {
        const common = { state, armed: stage.armed, onArm };
        if (role === "photo")
          return <OwnerPanel {...common} {...{ photo, longest }} onPhoto={setPhoto} onLongest={setLongest} />;
        if (role === "adjust") return <AdjusterPanel {...common} adjust={adjust} onAdjust={setAdjust} />;
        return <HelperPanel {...common} />;
      }
      case "running":
        return <RunPanel progress={stage.progress} others={state} onCancel={cancel} />;
      case "done":
        return (
          <ResultPanel
            {...{ role }}
            result={stage.result}
            before={photo?.image ?? (restored?.role === "photo" ? restored.image : undefined)}
            parties={state.parties}
            onAgain={again}
          />
        );
      case "stopped":
        return (
          <TroublePanel
            trouble={stage.trouble}
            onStartAgain={LOST_ROOMS.has(stage.trouble.kind) ? toFront : again}
          />
        );
    }
  };

  return (
    <div class="room">
      <Heading {...headingOf(state, role)} moment={stage.at} />
      <div class="room-columns">
        <div class="room-work" data-testid="stage" data-stage={stage.at}>
          {work()}
        </div>
        <Lobby
          {...{ invite, state, made }}
          personal={granted.token !== undefined}
          onLeave={leave}
          onConfirm={confirm}
          onAccept={accept}
          onRemove={({ token }) => made && token && order(made.secret, token)}
          onCloseRoom={() => made && order(made.secret)}
        />
      </div>
    </div>
  );
}

function contribution(role: Role, photo: Photo | undefined, adjust: Adjust): Contribution | undefined {
  switch (role) {
    case "photo":
      return photo && { role, image: photo.image };
    case "adjust":
      return { role, adjust };
    case "help":
      return { role };
  }
}

function toFront() {
  location.hash = "";
}

function headingOf({ stage, parties }: RoomState, role: Role): { title: string; lead?: string } {
  if (stage.at === "running")
    return { title: stage.progress?.round ? "Computing on noise" : "Waiting for the others" };
  if (stage.at === "stopped") return { title: parties === 0 ? "You are not in the room" : "The run stopped" };
  if (stage.at === "done") return { title: role === "photo" ? "Seen by you alone" : "Nothing to see here" };
  return ROLE_HEADINGS[role];
}

/** Troubles no second try in the same room can mend. */
const LOST_ROOMS = new Set(["bad-link", "expired-link", "revoked", "room-closed"]);

const MADE = {
  title: "Your room is open",
  lead: "Join it yourself first; the link to share comes right after.",
};
const INVITED = {
  title: "You are invited to a private photo room",
  lead: "Tabs compute together on a photo and settings that stay secret from one another.",
};
const ROLE_HEADINGS: Record<Role, { title: string }> = {
  photo: { title: "Bring a photo" },
  adjust: { title: "Adjust it unseen" },
  help: { title: "You lend your tab" },
};
