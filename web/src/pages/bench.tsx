import { useEffect, useRef, useState } from "preact/hooks";
import { type BenchRow, createRoom, joinRoom, type Room } from "../client";
import { inviteOf, linkTo, looksLikeInvite } from "../route";
import { formatBytes, formatError, formatSeconds } from "../ui/format";
import { Heading } from "../ui/heading";
import { Panel } from "../ui/panel";
import { type Trouble, troubleFrom, troubleOf } from "../ui/trouble";
import { TroublePanel } from "../ui/trouble-panel";

type BenchState =
  | { at: "start" }
  | { at: "waiting"; invite: string }
  | { at: "running" }
  | { at: "done" }
  | { at: "stopped"; trouble: Trouble };

/** Two tabs measure the engine between them. With an invite, this is the second tab. */
export function BenchPage({ invite }: { invite?: string }) {
  const [state, setState] = useState<BenchState>({ at: "start" });
  const [rows, setRows] = useState<BenchRow[]>([]);
  const room = useRef<Room | undefined>(undefined);
  useEffect(() => () => room.current?.close(), []);

  const start = async () => {
    try {
      if (invite !== undefined && !looksLikeInvite(invite))
        return setState({ at: "stopped", trouble: troubleOf("bad-link") });
      const here = invite ?? inviteOf(await createRoom(2, "tensor"));
      setState({ at: "waiting", invite: here });
      const ready = Promise.withResolvers<void>();
      const joined = await joinRoom(linkTo(here, "photo"), {
        name: invite ? "second tab" : "first tab",
        onEvent: (event) => {
          if (event.type === "ready") ready.resolve();
          if (event.type === "closed") setState({ at: "stopped", trouble: troubleOf("relay-lost") });
        },
      });
      room.current = joined;
      await ready.promise;
      setState({ at: "running" });
      await joined.bench((row) => setRows((before) => [...before, row]));
      setState({ at: "done" });
    } catch (error) {
      setState({ at: "stopped", trouble: troubleFrom(error) });
    }
  };
  const reset = () => {
    room.current?.close();
    room.current = undefined;
    setRows([]);
    setState({ at: "start" });
    if (invite) location.hash = "bench";
  };

  return (
    <div class="bench">
      <Heading
        title="Bench"
        lead="Two tabs and the dealer run a fixed list of programs on made-up data, and measure. Both tabs show the same rounds and bytes."
      />
      <Panel label={LABELS[state.at]}>
        <BenchControl
          state={state}
          second={invite !== undefined}
          onStart={() => void start()}
          onReset={reset}
        />
      </Panel>
      {rows.length > 0 && <BenchTable rows={rows} />}
    </div>
  );
}

type ControlProps = { state: BenchState; second: boolean; onStart: () => void; onReset: () => void };

function BenchControl({ state, second, onStart, onReset }: ControlProps) {
  switch (state.at) {
    case "start":
      return (
        <div class="button-row">
          <button type="button" class="button primary" data-testid="bench-start" onClick={onStart}>
            {second ? "Join the bench" : "Open a bench room"}
          </button>
          <p class="hint">Keep both tabs visible, side by side: browsers slow down hidden ones.</p>
        </div>
      );
    case "waiting": {
      if (second) return <p aria-live="polite">Waiting for the first tab…</p>;
      const link = linkTo(state.invite, "bench");
      return (
        <div class="bench-link">
          <p>
            <a class="button primary" href={link} target="_blank" rel="noopener noreferrer">
              Open the second tab
            </a>{" "}
            or open this link on another machine:
          </p>
          <input class="mono" readOnly value={link} aria-label="Bench link" data-testid="bench-link" />
        </div>
      );
    }
    case "running":
      return <p aria-live="polite">Measuring…</p>;
    case "done":
      return (
        <div class="button-row">
          <p aria-live="polite" data-testid="bench-done">
            Done.
          </p>
          <button type="button" class="button" data-testid="start-again" onClick={onReset}>
            Start again
          </button>
        </div>
      );
    case "stopped":
      return <TroublePanel trouble={state.trouble} onStartAgain={onReset} />;
  }
}

function BenchTable({ rows }: { rows: BenchRow[] }) {
  return (
    <div class="bench-scroll">
      <table class="bench-table" data-testid="bench-table">
        <thead>
          <tr>
            {["Program", "Time", "Rounds", "Between tabs", "From the dealer", "Largest error"].map(
              (title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} data-testid="bench-row">
              <th scope="row">{row.name}</th>
              <td>{formatSeconds(row.seconds)}</td>
              <td>{row.rounds}</td>
              <td>{formatBytes(row.bytes)}</td>
              <td>{formatBytes(row.dealerBytes)}</td>
              <td>{formatError(row.maxError)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const LABELS: Record<BenchState["at"], string> = {
  start: "Ready to measure",
  waiting: "Waiting for the other tab",
  running: "Running",
  done: "Finished",
  stopped: "Stopped",
};
