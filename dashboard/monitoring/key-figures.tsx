import type { ComponentChildren } from 'preact';
import { formatAge, formatNumber, formatPercent } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import type { Stats } from '../api/documents.js';

/** The monitoring points that are a single number. */
export function KeyFigures({ stats }: { readonly stats: Stats }) {
  const texts = useTexts();
  const words = texts.monitoring;
  const number = (value: number) => formatNumber(value, texts);
  const percent = (share: number | null) => (share === null ? '–' : formatPercent(share, texts));
  return (
    <dl class="key-figures">
      <Figure
        name={words.created}
        value={number(stats.orders.created)}
        note={words.final(number(stats.orders.final))}
      />
      <Figure name={words.completionRate} value={percent(stats.completionRate)} />
      <Figure
        name={words.compensations}
        value={number(stats.compensations.count)}
        note={words.compensationRate(percent(stats.compensations.rate), number(stats.compensations.paid))}
      />
      <Figure name={words.oldestOpen} value={<Oldest seconds={stats.oldestOpenSeconds} />} />
      <Figure name={words.attention} value={number(stats.attention)} />
      <Figure
        name={words.duplicates}
        value={number(stats.duplicatesDropped)}
        note={words.withoutEffect(number(stats.withoutEffect))}
      />
      <Figure name={words.quarantined} value={number(stats.quarantined)} />
      <Figure name={words.reversals} value={number(stats.reversals)} />
    </dl>
  );
}

function Oldest({ seconds }: { readonly seconds: number | null }) {
  const texts = useTexts();
  if (seconds === null) return <>{texts.monitoring.noneOpen}</>;
  return <time dateTime={`PT${seconds}S`}>{formatAge(1_000 * seconds, texts)}</time>;
}

interface FigureProps {
  readonly name: string;
  readonly value: ComponentChildren;
  readonly note?: string;
}

const Figure = ({ name, value, note }: FigureProps) => (
  <div class="card key-figure">
    <dt>{name}</dt>
    <dd class="numbers">{value}</dd>
    {note !== undefined && <dd class="muted small">{note}</dd>}
  </div>
);
