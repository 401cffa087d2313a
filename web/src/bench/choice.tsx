import type { BenchEntry } from "../client";

type ChoiceProps = {
  entries: readonly BenchEntry[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
};

/** Which rows are measured. */
export function Choice({ entries, chosen, onChoose }: ChoiceProps) {
  const presets = [
    { name: "Quick ones", wanted: (entry: BenchEntry) => entry.quick },
    { name: "All", wanted: () => true },
    { name: "None", wanted: () => false },
  ];
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  return (
    <fieldset class="bench-choice" data-testid="bench-choice">
      <legend>Rows to measure</legend>
      <div class="button-row">
        {presets.map(({ name, wanted }) => (
          <button
            key={name}
            type="button"
            class="button quiet"
            onClick={() => onChoose(new Set(entries.filter(wanted).map(({ id }) => id)))}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="bench-entries">
        {entries.map(({ id, name, size }) => (
          <label key={id} class="bench-entry">
            <input
              type="checkbox"
              checked={chosen.has(id)}
              data-testid={`bench-choose-${id}`}
              onChange={(event) => toggle(id, event.currentTarget.checked)}
            />
            <span>
              {name} <small>{shownSize(size)}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Sizes with the sign that multiplies. */
export function shownSize(size: string): string {
  return size.replaceAll(" x ", " × ");
}
