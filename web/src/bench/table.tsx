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
              <td>{shownSize(row.size)}</td>
              <td>{formatSeconds(row.seconds)}</td>
              <td>{row.rounds}</td>
              <td>{formatBytes(row.bytes)}</td>
              <td>{formatBytes(row.dealerBytes)}</td>
              <td>{formatError(row.maxError)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TITLES = ["Function", "Size", "Time", "Rounds", "Between tabs", "From the dealer", "Largest error"];
