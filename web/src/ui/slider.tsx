type SliderProps = {
  name: string;
  label: string;
  unit?: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** Where the setting changes nothing. */
  rest: number;
  onChange: (value: number) => void;
};

/** A slider with a number field beside it; both say the same. */
export function Slider({ name, label, unit, value, min, max, step, rest, onChange }: SliderProps) {
  const set = (text: string) => {
    const typed = Number.parseFloat(text);
    if (!Number.isNaN(typed)) onChange(Math.min(max, Math.max(min, typed)));
  };
  const place = (at: number) => `${((at - min) / (max - min)) * 100}%`;
  return (
    <div class="slider">
      <label for={`slider-${name}`}>{label}</label>
      <input
        id={`slider-${name}`}
        data-testid={`slider-${name}`}
        type="range"
        {...{ min, max, step, value }}
        style={{ "--at": place(value), "--rest": place(rest) }}
        onInput={(event) => set(event.currentTarget.value)}
      />
      <span class="slider-number">
        <input
          type="number"
          inputMode="decimal"
          data-testid={`number-${name}`}
          aria-label={unit ? `${label} in ${unit}` : label}
          {...{ min, max, step, value }}
          onInput={(event) => set(event.currentTarget.value)}
        />
      </span>
    </div>
  );
}
