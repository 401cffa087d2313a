import type { BenchRow } from "../client";
import { formatBytes, formatError, formatSeconds } from "../ui/format";
import { shownSize } from "./choice";

/** What was measured. */
export function BenchTable({ rows }: { rows: BenchRow[] }) {
  return (
    <div class="bench-scroll">
      <table class="bench-table" data-testid="bench-table">
        <thead>
          <tr>
            {TITLES.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-testid="bench-row" data-id={row.id}>
              <th scope="row">{row.name}</th>
              {figures(row).map((figure, column) => (
                <td key={TITLES[column + 1]} data-title={TITLES[column + 1]}>
                  {figure}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A figure for every title but the first. */
function figures(row: BenchRow): string[] {
  return [
    shownSize(row.size),
    formatSeconds(row.seconds),
    String(row.rounds),
    formatBytes(row.bytes),
    formatBytes(row.dealerBytes),
    formatError(row.maxError),
  ];
}

const TITLES = ["Function", "Size", "Time", "Rounds", "Between tabs", "From the dealer", "Largest error"];
