import { useState } from "preact/hooks";
import { createRoom, type Role } from "../client";
import { rememberMade } from "../lobby/made-here";
import { inviteOf } from "../route";
import { Panel } from "../ui/panel";
import { Segmented } from "../ui/segmented";
import { type Trouble, troubleFrom } from "../ui/trouble";
import { TroublePanel } from "../ui/trouble-panel";
import { Diagram } from "./diagram";

/** In one screen: what this is, how it works, where its limits are, and the way in. */
export function FrontPage() {
  return (
    <div class="front">
      <div class="hero">
        <div class="hero-words">
          <p class="eyebrow">Private tensors for the web</p>
          <h1>
            Adjust a photo you <span class="veiled">cannot see</span>
          </h1>
          <p class="lead">
            Every browser tab is a party. One brings a photo, another brings secret adjustments. Together they
            compute on shares that look like noise, and the finished photo opens in its owner’s tab alone.
          </p>
          <StartRoom />
        </div>
        <figure class="hero-figure">
          <Diagram />
        </figure>
      </div>
      <Limits />
    </div>
  );
}

function StartRoom() {
  const [parties, setParties] = useState(2);
  const [links, setLinks] = useState<"one" | "each">("one");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const start = async () => {
    setBusy(true);
    try {
      const roles = links === "each" ? ROLES_OF[parties] : [];
      const room = await createRoom(parties, "photo", roles);
      rememberMade(room);
      location.hash = inviteOf(room.link);
    } catch (error) {
      setTrouble(troubleFrom(error));
      setBusy(false);
    }
  };
  if (trouble) return <TroublePanel trouble={trouble} onStartAgain={() => setTrouble(undefined)} />;
  return (
    <Panel label="Try it" class="start-room">
      <div class="start-row">
        <Segmented
          legend="Tabs taking part"
          name="party-count"
          value={parties}
          options={[
            { value: 2, label: "2", testid: "party-count-2" },
            { value: 3, label: "3", testid: "party-count-3" },
          ]}
          onChange={setParties}
        />
        <Segmented
          legend="Invite by"
          name="links"
          value={links}
          options={[
            { value: "one", label: "one link", testid: "links-one" },
            { value: "each", label: "a link per role", testid: "links-each" },
          ]}
          onChange={setLinks}
        />
        <button
          type="button"
          class="button primary"
          data-testid="create-room"
          disabled={busy}
          onClick={() => void start()}
        >
          {busy ? "Making a room…" : "Create a room"}
        </button>
      </div>
      <p class="hint">
        {parties === 2
          ? "You and one other: photo owner and adjuster."
          : "Photo owner, adjuster and a helper, who may also join from a command line."}{" "}
        No account, nothing to install.
      </p>
    </Panel>
  );
}

/** Whose links the maker of a room gets; the first is the maker's own. */
const ROLES_OF: Record<number, readonly Role[]> = {
  2: ["photo", "adjust"],
  3: ["photo", "adjust", "help"],
};

/** Said on the front page, not in small print. */
function Limits() {
  return (
    <section class="limits" aria-labelledby="limits">
      <h2 id="limits">What it does not protect against</h2>
      <dl>
        <div>
          <dt>A dealer who colludes</dt>
          <dd>
            A dealer sends everyone random numbers. It sees no data, but together with any one tab it could
            see all.
          </dd>
        </div>
        <div>
          <dt>Whoever serves this page</dt>
          <dd>They could serve another one. Serve it yourself, or take part from the command line.</dd>
        </div>
        <div>
          <dt>What the result tells</dt>
          <dd>From before and after, the photo owner can work out much of the adjustment.</dd>
        </div>
      </dl>
    </section>
  );
}
