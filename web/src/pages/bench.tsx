import { useEffect, useRef, useState } from "preact/hooks";
import { Choice, shownSize } from "../bench/choice";
import { BenchTable } from "../bench/table";
import { type BenchEntry, type BenchRow, benchEntries, createRoom, joinRoom, type Room } from "../client";
import { inviteOf, linkTo, looksLikeInvite } from "../route";
import { Heading } from "../ui/heading";
import { Panel } from "../ui/panel";
import { type Trouble, troubleFrom, troubleOf } from "../ui/trouble";
import { TroublePanel } from "../ui/trouble-panel";

type BenchState =
  | { at: "start" }
  | { at: "waiting"; invite: string }
  | { at: "running"; row?: BenchEntry; number: number; of: number; stopping: boolean }
  | { at: "done" }
  | { at: "stopped"; trouble: Trouble };

/** Two tabs measure the engine between them. With an invite, this is the second tab. */
export function BenchPage({ invite }: { invite?: string }) {
  const [state, setState] = useState<BenchState>({ at: "start" });
  const [rows, setRows] = useState<BenchRow[]>([]);
  const [entries, setEntries] = useState<readonly BenchEntry[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const room = useRef<Room | undefined>(undefined);
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => room.current?.close(), []);
  useEffect(() => {
    void benchEntries().then((all) => {
      setEntries(all);
      setChosen(new Set(all.filter(({ quick }) => quick).map(({ id }) => id)));
    });
  }, []);

  const start = async () => {
    try {
      if (invite !== undefined && !looksLikeInvite(invite))
        return setState({ at: "stopped", trouble: troubleOf("bad-link") });
      const here = invite ?? inviteOf((await createRoom(2, "tensor")).link);
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
      setState({ at: "running", number: 0, of: 0, stopping: false });
      stop.current = new AbortController();
      await joined.bench({
        rows: [...chosen],
        signal: stop.current.signal,
        onStart: (row, number, of) =>
          setState((before) => ({
            at: "running",
            row,
            number,
            of,
            stopping: before.at === "running" && before.stopping,
          })),
        onRow: (row) => setRows((before) => [...before, row]),
      });
      setState({ at: "done" });
    } catch (error) {
      setState({ at: "stopped", trouble: troubleFrom(error) });
    }
  };
  const cancel = () => {
    stop.current?.abort();
    setState((before) => (before.at === "running" ? { ...before, stopping: true } : before));
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
        lead="Two tabs and the dealer compute on made-up data, and measure. Both tabs show the same rounds and bytes; errors are those against the same computation in the clear, of smooth functions relative beyond 1."
      />
      <Panel label={LABELS[state.at]}>
        {state.at === "start" && invite === undefined && (
          <Choice entries={entries} chosen={chosen} onChoose={setChosen} />
        )}
        <BenchControl
          state={state}
          second={invite !== undefined}
          nothing={invite === undefined && chosen.size === 0}
          onStart={() => void start()}
          onCancel={cancel}
          onReset={reset}
        />
      </Panel>
      {rows.length > 0 && <BenchTable rows={rows} />}
    </div>
  );
}

type ControlProps = {
  state: BenchState;
  second: boolean;
  /** No row is chosen. */
  nothing: boolean;
  onStart: () => void;
  onCancel: () => void;
  onReset: () => void;
};

function BenchControl({ state, second, nothing, onStart, onCancel, onReset }: ControlProps) {
  switch (state.at) {
    case "start":
      return (
        <div class="button-row">
          <button
            type="button"
            class="button primary"
            data-testid="bench-start"
            disabled={nothing}
            onClick={onStart}
          >
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
    case "running": {
      const { row, number, of, stopping } = state;
      return (
        <div class="bench-run">
          <p aria-live="polite" data-testid="bench-progress">
            {row ? `Row ${number} of ${of}: ${row.name}, ${shownSize(row.size)}` : "Measuring…"}
            {stopping && " (the last one)"}
          </p>
          <progress max={of || 1} value={Math.max(0, number - 1)} aria-label="Rows measured" />
          <button
            type="button"
            class="button"
            data-testid="bench-cancel"
            disabled={stopping}
            onClick={onCancel}
          >
            {stopping ? "Stopping after this row" : "Cancel"}
          </button>
        </div>
      );
    }
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

const LABELS: Record<BenchState["at"], string> = {
  start: "Ready to measure",
  waiting: "Waiting for the other tab",
  running: "Running",
  done: "Finished",
  stopped: "Stopped",
};
