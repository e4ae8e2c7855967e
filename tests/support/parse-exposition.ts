export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Reads Prometheus' text format (0.0.4) more strictly than Prometheus does: every family has its HELP and TYPE once,
 * before its samples, which stand together; no sample is there twice. Throws with the line that is wrong.
 */
export function parseExposition(text: string): ReadonlyMap<string, ParsedFamily> {
  const families = new Map<string, ParsedFamily & { samples: ParsedSample[] }>();
  const helps = new Map<string, string>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const wrong = (why: string) => new Error(`${why}: ${line}`);
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (helps.has(name)) throw wrong('a second HELP');
      helps.set(name, rest);
    } else if (keyword === 'TYPE') {
      if (families.has(name)) throw wrong('a second TYPE');
      if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw wrong('an unknown type');
      families.set(name, { type: rest, help: helps.get(name) ?? '', samples: [] });
      current = name;
    } else {
      const sample = parseSample(line);
      const family = families.get(current);
      if (!sample || !family) throw wrong('neither a description nor a sample');
      const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (!suffixes.some((suffix) => sample.name === current + suffix)) throw wrong(`not of ${current}`);
      const identity = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(identity)) throw wrong('a second sample');
      seen.add(identity);
      family.samples.push(sample);
    }
  }
  for (const [name, { help }] of families) if (help === '') throw new Error(`no HELP for ${name}`);
  return families;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\S+)$/;

function parseSample(line: string): ParsedSample | undefined {
  const [, name, labels = '', number = ''] = SAMPLE.exec(line) ?? [];
  const value = number === '+Inf' ? Infinity : Number(number);
  if (name === undefined || (Number.isNaN(value) && !/^nan$/i.test(number))) return undefined;
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [
    label,
    text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
  ]);
  const known = Object.fromEntries(pairs) as Record<string, string>;
  return Object.keys(known).length === pairs.length ? { name, labels: known, value } : undefined;
}

/** The values of a family by one of its labels; nothing where there is no such family. */
export const valuesBy = (label: string, family: ParsedFamily | undefined): Readonly<Record<string, number>> =>
  Object.fromEntries((family?.samples ?? []).map(({ labels, value }) => [labels[label] ?? '', value]));
