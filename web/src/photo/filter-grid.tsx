import { Segmented } from "../ui/segmented";
import { LARGEST_WEIGHT, PRESET_NAMES, PRESETS, presetOf, resizeGrid, sideOf } from "./filters";

type FilterGridProps = { filter: readonly number[]; onFilter: (filter: number[]) => void };

/** Presets, and the grid of weights itself, every field editable. */
export function FilterGrid({ filter, onFilter }: FilterGridProps) {
  const side = sideOf(filter);
  const preset = presetOf(filter);
  const edit = (index: number, text: string) => {
    const typed = Number.parseFloat(text);
    if (Number.isNaN(typed)) return;
    const weight = Math.min(LARGEST_WEIGHT, Math.max(-LARGEST_WEIGHT, typed));
    onFilter(filter.map((old, at) => (at === index ? weight : old)));
  };
  return (
    <div class="filter">
      <Segmented
        legend="Filter"
        name="filter-preset"
        value={preset ?? "own"}
        options={[
          ...PRESET_NAMES.map((name) => ({ value: name, label: name, testid: `filter-preset-${name}` })),
          ...(preset ? [] : [{ value: "own" as const, label: "own" }]),
        ]}
        onChange={(name) => name !== "own" && onFilter(resizeGrid(PRESETS[name], side))}
      />
      <div class="filter-detail">
        <fieldset
          class={`grid-${side}`}
          aria-label={`Filter weights, ${side} by ${side}`}
          data-testid="filter-grid"
        >
          {filter.map((weight, index) => (
            <input
              key={index}
              type="number"
              step="any"
              class={weight === 0 ? "zero" : undefined}
              aria-label={`Row ${Math.floor(index / side) + 1}, column ${(index % side) + 1}`}
              data-testid={`filter-weight-${index}`}
              value={Number(weight.toPrecision(4))}
              onInput={(event) => edit(index, event.currentTarget.value)}
            />
          ))}
        </fieldset>
        <Segmented
          legend="Grid"
          name="filter-side"
          value={side}
          options={[
            { value: 3, label: "3 × 3", testid: "filter-side-3" },
            { value: 5, label: "5 × 5", testid: "filter-side-5" },
          ]}
          onChange={(to) => onFilter(resizeGrid(filter, to))}
        />
      </div>
    </div>
  );
}
