import { useState } from "preact/hooks";
import type { Role } from "../client";
import { Panel } from "../ui/panel";
import type { Granted } from "./granted";
import { ROLES } from "./roles";
import { RouteChoice, type RouteOffered } from "./route-choice";
import { TrustStatement } from "./trust";
import type { Person } from "./use-room";

type DoorProps = {
  firstRole: Role;
  granted: Granted;
  entering: boolean;
  onEnter: (person: Person) => void;
};

/** Where a person joins: a name, a role, and plainly what joining means. */
export function Door({ firstRole, granted, entering, onEnter }: DoorProps) {
  const [name, setName] = useState("");
  const [chosen, setRole] = useState(firstRole);
  const role = granted.role ?? chosen;
  const choices = granted.role ? ROLES.filter((words) => words.role === granted.role) : ROLES;
  const [route, setRoute] = useState<RouteOffered>("best");
  // Before the invite is read, nobody knows which roles there are to choose from.
  const able = granted.read && !entering;
  const submit = (event: Event) => {
    event.preventDefault();
    if (able) onEnter({ name: name.trim(), role, route });
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
          <button type="submit" class="button primary" data-testid="join-button" disabled={!able}>
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
