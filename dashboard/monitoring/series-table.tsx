import { formatMinute, formatNumber } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import type { SeriesPoint } from '../api/documents.js';

/** What each bucket counts, in display order. */
export const seriesNames = ['created', 'completed', 'failed', 'refunded'] as const;

/** The chart as a table, for exact numbers and for screen readers. Buckets without orders are left out. */
export function SeriesTable({ series }: { readonly series: readonly SeriesPoint[] }) {
  const texts = useTexts();
  const { monitoring } = texts;
  return (
    <details class="series-table">
      <summary>{monitoring.inNumbers}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{monitoring.from}</th>
            {seriesNames.map((name) => (
              <th key={name} scope="col">
                {monitoring.series[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.filter(hasOrders).map((point) => (
            <tr key={point.at}>
              <th scope="row">
                <time dateTime={point.at}>{formatMinute(point.at, texts)}</time>
              </th>
              {seriesNames.map((name) => (
                <td key={name} class="numbers">
                  {formatNumber(point[name], texts)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export const hasOrders = (point: SeriesPoint): boolean => seriesNames.some((name) => point[name] > 0);
