import { useEffect, useState } from "preact/hooks";
import type { Progress } from "../lobby/room-state";
import { formatBytes, formatSeconds } from "../ui/format";
import { Panel } from "../ui/panel";
import { type Others, waitingWords } from "./waiting";

type RunProps = { progress: Progress | undefined; others: Others; onCancel: () => void };

/** The run as it goes: stage, rounds, bytes, time, and whom it waits for. */
export function RunPanel({ progress, others, onCancel }: RunProps) {
  const seconds = useElapsed();
  const { round = 0, rounds = 0, bytes = 0, dealerBytes = 0 } = progress ?? {};
  const stage = progress?.stage ?? "starting";
  const waiting = waitingWords(progress, others);
  return (
    <Panel label="Running" class="work run">
      <div data-testid="progress" data-round={round} data-rounds={rounds}>
        <p class="run-stage">{stage}</p>
        <div
          class="run-bar"
          role="progressbar"
          aria-label="Rounds done"
          aria-valuemin={0}
          aria-valuemax={rounds || 1}
          aria-valuenow={round}
          aria-valuetext={rounds ? `round ${round} of ${rounds}` : "starting"}
          style={{ "--done": rounds ? round / rounds : 0, "--cells": Math.min(rounds || 1, MOST_CELLS) }}
        />
        <dl class="figures">
          <Figure name="Round" value={rounds ? `${round} of ${rounds}` : "…"} />
          <Figure name="Between tabs" value={formatBytes(bytes)} />
          <Figure name="From the dealer" value={formatBytes(dealerBytes)} />
          <Figure name="Time" value={formatSeconds(seconds)} />
        </dl>
        <p class="hint">
          Each frame is one round: what all tabs send before they must wait for each other. All of it is
          noise.
        </p>
        <p class="run-waiting">{waiting}</p>
        <p class="unseen" aria-live="polite">
          {stage}. {waiting}
        </p>
      </div>
      <button type="button" class="button" data-testid="cancel" onClick={onCancel}>
        Stop the run
      </button>
    </Panel>
  );
}

export function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Seconds since this came on screen; keeps moving when the run does not. */
function useElapsed(): number {
  const [start] = useState(() => performance.now());
  const [now, setNow] = useState(start);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return (now - start) / 1000;
}

/** Beyond this many rounds the bar is drawn without gaps. */
const MOST_CELLS = 48;
