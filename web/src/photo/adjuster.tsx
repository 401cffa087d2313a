import type { Adjust } from "../client";
import type { RoomState } from "../lobby/room-state";
import { Panel } from "../ui/panel";
import { Slider } from "../ui/slider";
import { FilterGrid } from "./filter-grid";
import { NEUTRAL } from "./filters";
import { Preview } from "./preview";
import { ReadyBar } from "./ready-bar";

type AdjusterProps = {
  state: RoomState;
  armed: boolean;
  adjust: Adjust;
  onAdjust: (adjust: Adjust) => void;
  onArm: (armed: boolean) => void;
};

/** The adjuster's side before the run: four sliders, a filter, and what they do to a bundled picture. */
export function AdjusterPanel({ state, armed, adjust, onAdjust, onArm }: AdjusterProps) {
  const change = (part: Partial<Adjust>) => {
    if (armed) onArm(false);
    onAdjust({ ...adjust, ...part });
  };
  return (
    <Panel label="Your adjustment" class="work">
      <div class="adjuster">
        <Preview adjust={adjust} />
        <div class="adjuster-controls">
          <div class="sliders">
            {SLIDERS.map((slider) => (
              <Slider
                key={slider.name}
                {...slider}
                rest={NEUTRAL[slider.name]}
                value={adjust[slider.name]}
                onChange={(value) => change({ [slider.name]: value })}
              />
            ))}
          </div>
          <FilterGrid filter={adjust.filter} onFilter={(filter) => change({ filter })} />
          <button type="button" class="button quiet" data-testid="reset" onClick={() => change(NEUTRAL)}>
            Reset all
          </button>
        </div>
      </div>
      <ReadyBar state={state} armed={armed} able={true} hint="" onArm={onArm} />
    </Panel>
  );
}

const SLIDERS = [
  { name: "brightness", label: "Brightness", unit: "levels", min: -100, max: 100, step: 1 },
  { name: "contrast", label: "Contrast", min: 0, max: 3, step: 0.05 },
  { name: "saturation", label: "Saturation", min: 0, max: 3, step: 0.05 },
  { name: "warmth", label: "Warmth", unit: "levels", min: -60, max: 60, step: 1 },
] as const;
