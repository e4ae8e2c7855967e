import type { StatusTone } from '../parts/status-tone.js';
import { formatNumber } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';

interface Props<Key extends string> {
  readonly title: string;
  readonly counts: Readonly<Record<Key, number>>;
  readonly nameOf: (key: Key) => string;
  readonly nothing: string;
  readonly toneOf: (key: Key) => StatusTone | 'attention';
}

/** Counts as bars with their numbers, largest first. */
export function Bars<Key extends string>({ title, counts, nameOf, nothing, toneOf }: Props<Key>) {
  const texts = useTexts();
  const entries = (Object.entries(counts) as [Key, number][])
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
              <span class={`bar-fill tone-${toneOf(key)}`} style={{ width: `${(100 * count) / largest}%` }} />
              <span class="numbers">{formatNumber(count, texts)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
