import { useState } from "preact/hooks";
import type { Role, Route } from "../client";
import { Panel } from "../ui/panel";
import { ROLES } from "./roles";
import { RouteChoice } from "./route-choice";
import { TrustStatement } from "./trust";
import type { Person } from "./use-room";

type DoorProps = {
  firstRole: Role;
  /** The one role that the invite is for, if it is for one. */
  granted: Role | undefined;
  entering: boolean;
  onEnter: (person: Person) => void;
};

/** Where a person joins: a name, a role, and plainly what joining means. */
export function Door({ firstRole, granted, entering, onEnter }: DoorProps) {
  const [name, setName] = useState("");
  const [chosen, setRole] = useState(firstRole);
  const role = granted ?? chosen;
  const choices = granted ? ROLES.filter((words) => words.role === granted) : ROLES;
  const [route, setRoute] = useState<Route>("best");
  const submit = (event: Event) => {
    event.preventDefault();
    if (!entering) onEnter({ name: name.trim(), role, route });
  };
  return (
    <div class="door">
      <Panel label="Join">
        <form class="join-form" onSubmit={submit}>
          <label class="field">
            <span>Your name, as the others will see it</span>
            <input
              data-testid="join-name"
              required
              pattern=".*\S.*"
              maxLength={40}
              autoComplete="nickname"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <fieldset class="roles">
            <legend>What you do</legend>
            {choices.map((words) => (
              <label key={words.role} class="role">
                <input
                  type="radio"
                  name="role"
                  data-testid={`join-role-${words.role}`}
                  checked={role === words.role}
                  onChange={() => setRole(words.role)}
                />
                <span class="role-words">
                  <strong>{words.title}</strong>
                  <span>{words.text}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <RouteChoice route={route} onRoute={setRoute} />
          <button type="submit" class="button primary" data-testid="join-button" disabled={entering}>
            {entering ? "Joining…" : "Join the room"}
          </button>
        </form>
      </Panel>
      <Panel label="Before you join">
        <TrustStatement />
      </Panel>
    </div>
  );
}
