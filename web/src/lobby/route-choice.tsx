import type { Route } from "../client";
import { Segmented } from "../ui/segmented";

/** Nobody who takes part in a photo room is better off without the relay. */
export type RouteOffered = Exclude<Route, "direct">;

type RouteChoiceProps = { route: RouteOffered; onRoute: (route: RouteOffered) => void };

/** How this tab is connected with the others: fast, or without telling them where it is. */
export function RouteChoice({ route, onRoute }: RouteChoiceProps) {
  return (
    <div class="route-choice">
      <Segmented
        legend="Connection to the others"
        name="route"
        value={route}
        options={OPTIONS}
        onChange={onRoute}
      />
      <p class="hint" aria-live="polite">
        {HINTS[route]}
      </p>
    </div>
  );
}

const OPTIONS: readonly { value: RouteOffered; label: string; testid: string }[] = [
  { value: "best", label: "Automatic", testid: "route-best" },
  { value: "relay", label: "Relay only", testid: "route-relay" },
];

const HINTS: Record<RouteOffered, string> = {
  best: "Directly from tab to tab where that is faster, else through the relay. Tabs that connect directly learn each other's network address.",
  relay: "Nobody here learns your network address, only the relay does.",
};
