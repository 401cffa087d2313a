import { useEffect, useRef } from "preact/hooks";
import type { Trouble } from "./trouble";

type TroubleProps = { trouble: Trouble; onStartAgain: () => void; label?: string };

/** What went wrong and what to do next; takes the focus, so that it is read out, and hands it to the page when it goes. */
export function TroublePanel({ trouble, onStartAgain, label = "Start again" }: TroubleProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
    return () => document.getElementById("main")?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="trouble" role="alert" tabIndex={-1} ref={box} data-testid="error" data-kind={trouble.kind}>
      <h2>{trouble.title}</h2>
      <p>{trouble.next}</p>
      {trouble.detail && (
        <details open={trouble.kind === "different-programs"}>
          <summary>Details</summary>
          <p class="mono">{trouble.detail}</p>
        </details>
      )}
      <button type="button" class="button" data-testid="start-again" onClick={onStartAgain}>
        {label}
      </button>
    </div>
  );
}
