import { formatNumber } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';

interface Props {
  readonly title: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly nameOf: (key: string) => string;
  readonly nothing: string;
  readonly tone: 'failed' | 'undone';
}

/** Counts as bars, the largest first; each with its number, so that nobody has to measure. */
export function Bars({ title, counts, nameOf, nothing, tone }: Props) {
  const texts = useTexts();
  const entries = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([, one], [, other]) => other - one);
  const largest = entries[0]?.[1] ?? 1;
  return (
    <section class="card bars" aria-label={title}>
      <h2>{title}</h2>
      {entries.length === 0 && <p class="empty">{nothing}</p>}
      <dl>
        {entries.map(([key, count]) => (
          <div key={key} class="bar" data-count={key}>
            <dt>{nameOf(key)}</dt>
            <dd>
              <span class={`bar-fill tone-${tone}`} style={{ width: `${(100 * count) / largest}%` }} />
              <span class="numbers">{formatNumber(count, texts)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
