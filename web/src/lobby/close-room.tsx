import { useEffect, useRef, useState } from "preact/hooks";

/** Closing sends everybody away for good: it is asked once more. */
export function CloseRoom({ onClose }: { onClose: () => void }) {
  const [asking, setAsking] = useState(false);
  const first = useRef(true);
  const safe = useRef<HTMLButtonElement>(null);
  // The button that was pressed has gone: the focus goes on to the one that does no harm.
  useEffect(() => {
    if (!first.current) safe.current?.focus();
    first.current = false;
  }, [asking]);
  if (!asking) {
    return (
      <button
        ref={safe}
        type="button"
        class="button quiet"
        data-testid="close-room"
        onClick={() => setAsking(true)}
      >
        Close the room…
      </button>
    );
  }
  const close = () => {
    setAsking(false);
    onClose();
  };
  return (
    <fieldset class="close-room" data-testid="close-room-question">
      <legend>Close the room for everybody?</legend>
      <p class="hint">All of you are sent away, and no link to it opens any more.</p>
      <div class="button-row">
        <button type="button" class="button" data-testid="close-room-confirm" onClick={close}>
          Close it
        </button>
        <button
          ref={safe}
          type="button"
          class="button"
          data-testid="close-room-keep"
          onClick={() => setAsking(false)}
        >
          Keep it open
        </button>
      </div>
    </fieldset>
  );
}
