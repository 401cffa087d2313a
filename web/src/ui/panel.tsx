import type { ComponentChildren } from "preact";

type PanelProps = { label: string; class?: string; children: ComponentChildren };

/** A card shaped like a browser tab: its label sits on the ear. */
export function Panel({ label, class: extra = "", children }: PanelProps) {
  return (
    <section class={`panel ${extra}`}>
      <h2 class="panel-ear">{label}</h2>
      <div class="panel-body">{children}</div>
    </section>
  );
}
