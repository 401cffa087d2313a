import { adjusted, COLUMNS, landscape, noise } from "./mosaic";

/** How it works, in one picture: two tabs, three steps, and what passes between them. */
export function Diagram() {
  return (
    <svg class="diagram" viewBox="0 0 600 506" role="img" aria-labelledby="diagram-title diagram-text">
      <title id="diagram-title">How it works</title>
      <desc id="diagram-text">
        The photo owner’s tab brings a photo, the adjuster’s tab brings settings. Each is split into noise,
        and both tabs compute on noise, passing sealed messages through a relay; a dealer sends both random
        numbers. The result opens in the owner’s tab only.
      </desc>
      <Tab x={0} name="Photo owner" />
      <Tab x={370} name="Adjuster" />
      <Crossings />

      <Step y={84} word="bring" />
      <Mosaic x={43} y={62} cell={9} colours={landscape()} />
      <Settings x={413} y={60} />

      <Step y={222} word="compute" />
      <Mosaic x={23} y={222} cell={5.75} colours={noise(1)} />
      <Mosaic x={121} y={222} cell={5.75} colours={noise(2)} />
      <Mosaic x={391} y={222} cell={5.75} colours={noise(3)} />
      <Mosaic x={489} y={222} cell={5.75} colours={noise(4)} />
      <Caption x={118} y={302} text="only noise" />
      <Caption x={488} y={302} text="only noise" />
      <Node y={251} label="relay" note="sealed" />
      <Node y={318} label="dealer" note="random numbers" />

      <Step y={388} word="open" />
      <Mosaic x={43} y={376} cell={9} colours={adjusted()} />
      <rect class="d-nothing" x="413" y="376" width="144" height="90" rx="4" />
      <Caption x={485} y={426} text="nothing" />
    </svg>
  );
}

/** A browser tab as a tall window: an ear with a name, and a body. */
function Tab({ x, name }: { x: number; name: string }) {
  const ear = `M${x} 44a8 8 0 0 1 8-8h2c5 0 8-3 8-8v-18a10 10 0 0 1 10-10h126a10 10 0 0 1 10 10v18c0 5 3 8 8 8`;
  const body = "h50a8 8 0 0 1 8 8v454a8 8 0 0 1-8 8h-214a8 8 0 0 1-8-8z";
  return (
    <g>
      <path class="d-tab" d={ear + body} />
      <text class="d-name" x={x + 91} y="25" text-anchor="middle">
        {name}
      </text>
      <path class="d-rule" d={`M${x + 20} 188h190M${x + 20} 338h190`} />
    </g>
  );
}

/** What travels: each input becomes a share in the other tab; masked values go both ways; the opening goes one way. */
function Crossings() {
  return (
    <g class="d-flow">
      <path d="M115 158V216M485 158V216" />
      <path d="M192 112C300 118 296 190 385 236" />
      <path d="M408 112C300 118 304 190 215 236" />
      <path class="d-seal" d="M219 251H381" />
      <path class="d-deal" d="M268 318C240 314 224 300 214 284M332 318C360 314 376 300 386 284" />
      <path class="d-open" d="M115 312V370" />
      <path class="d-open" d="M398 286C394 380 330 421 194 421" />
    </g>
  );
}

function Step({ y, word }: { y: number; word: string }) {
  return (
    <text class="d-step" x="300" y={y} text-anchor="middle">
      {word}
    </text>
  );
}

function Node({ y, label, note }: { y: number; label: string; note: string }) {
  return (
    <g class="d-node">
      <rect x="264" y={y - 14} width="72" height="28" rx="14" />
      <text x="300" y={y + 5} text-anchor="middle">
        {label}
      </text>
      <text class="d-note" x="300" y={y + 30} text-anchor="middle">
        {note}
      </text>
    </g>
  );
}

function Caption({ x, y, text }: { x: number; y: number; text: string }) {
  return (
    <text class="d-caption" x={x} y={y} text-anchor="middle">
      {text}
    </text>
  );
}

type MosaicProps = { x: number; y: number; cell: number; colours: string[] };

function Mosaic({ x, y, cell, colours }: MosaicProps) {
  return (
    <g shape-rendering="crispEdges">
      {colours.map((colour, index) => (
        <rect
          key={index}
          x={x + (index % COLUMNS) * cell}
          y={y + Math.floor(index / COLUMNS) * cell}
          width={cell}
          height={cell}
          fill={colour}
        />
      ))}
    </g>
  );
}

/** Three sliders and a filter grid. */
function Settings({ x, y }: { x: number; y: number }) {
  const knobs = [52, 22, 64];
  return (
    <g class="d-settings">
      {knobs.map((knob, index) => (
        <g key={knob}>
          <path d={`M${x} ${y + 16 + index * 30}h80`} />
          <circle cx={x + knob} cy={y + 16 + index * 30} r="7" />
        </g>
      ))}
      {Array.from({ length: 9 }, (_, index) => (
        <rect
          key={index}
          class={index === 4 ? "centre" : index % 2 ? "side" : undefined}
          x={x + 98 + (index % 3) * 16}
          y={y + 23 + Math.floor(index / 3) * 16}
          width="14"
          height="14"
          rx="2"
        />
      ))}
    </g>
  );
}
