type SegmentedProps<Value extends string | number> = {
  legend: string;
  name: string;
  value: Value;
  options: readonly { value: Value; label: string; testid?: string }[];
  onChange: (value: Value) => void;
};

/** A row of radio buttons that looks like one control. */
export function Segmented<Value extends string | number>(props: SegmentedProps<Value>) {
  const { legend, name, value, options, onChange } = props;
  return (
    <fieldset class="segmented" data-testid={name}>
      <legend>{legend}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option.value} class="segment">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              data-testid={option.testid}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
