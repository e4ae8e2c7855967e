import { formatNumber, formatSpan } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import type { StepTimes } from '../api/documents.js';

/** How long each step takes: a bar up to the median, and a line up to the 95th percentile. */
export function StepTimesChart({ steps }: { readonly steps: Readonly<Record<string, StepTimes>> }) {
  const { monitoring } = useTexts();
  const longest = Math.max(1, ...Object.values(steps).map(({ p95 }) => p95 ?? 0));
  return (
    <section class="card step-times" aria-labelledby="step-times">
      <h2 id="step-times">{monitoring.steps}</h2>
      <p class="muted">{monitoring.stepsLead}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{monitoring.step}</th>
            <th scope="col" class="step-chart">
              <span class="for-screen-readers">{monitoring.steps}</span>
            </th>
            <th scope="col">{monitoring.p50}</th>
            <th scope="col">{monitoring.p95}</th>
            <th scope="col">{monitoring.count}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(steps).map(([name, times]) => (
            <StepRow key={name} name={monitoring.stepNames[name] ?? name} times={times} longest={longest} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StepRow({ name, times, longest }: { name: string; times: StepTimes; longest: number }) {
  const texts = useTexts();
  const { p50, p95, count } = times;
  const share = (ms: number | null) => `${(100 * (ms ?? 0)) / longest}%`;
  const span = (ms: number | null) => (ms === null ? '–' : formatSpan(ms, texts));
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="step-chart" aria-hidden="true">
        <span class="step-line" style={{ width: share(p95) }} />
        <span class="step-bar" style={{ width: share(p50) }} />
      </td>
      <td class="numbers">{span(p50)}</td>
      <td class="numbers">{span(p95)}</td>
      <td class="numbers">{formatNumber(count, texts)}</td>
    </tr>
  );
}
