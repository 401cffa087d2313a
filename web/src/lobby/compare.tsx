import type { Authentication, Member } from "../client";

type CompareProps = {
  authentication: Authentication;
  members: readonly Member[];
  onConfirm: (compared: Authentication) => void;
};

/** The words that tell people whether somebody sits between them. */
export function Compare({ authentication, members, onConfirm }: CompareProps) {
  const { words, emoji } = authentication;
  const verified = members.every(({ you, verified }) => you || verified);
  return (
    <div class="compare" data-testid="compare">
      <p>Compare these with the others, over the phone:</p>
      <p class="compare-words" data-testid="compare-words">
        {words.map((word, place) => (
          <span key={place}>{word} </span>
        ))}
      </p>
      <p class="compare-emoji" data-testid="compare-emoji">
        {emoji.map(({ symbol, name }, place) => (
          <span key={place} class="compare-picture">
            <span aria-hidden="true">{symbol}</span>
            <span class="compare-name">{name}</span>
          </span>
        ))}
      </p>
      {verified ? (
        <p class="compare-done" data-testid="compare-done">
          Compared: you know everyone here by their keys, also the next time.
        </p>
      ) : (
        <>
          <p class="hint">
            Equal on every screen means that nobody sits in between. If they differ, leave the room: somebody
            may read along.
          </p>
          <button
            type="button"
            class="button"
            data-testid="compare-match"
            onClick={() => onConfirm(authentication)}
          >
            They match
          </button>
        </>
      )}
    </div>
  );
}
