/** The media type of Prometheus' text format. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The samples of one metric. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** For a histogram: `_bucket`, `_sum` or `_count`. */
  readonly suffix?: string;
  readonly labels?: Labels;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

/** Renders metric families as text. */
export const renderFamilies = (families: readonly Family[]): string => families.map(renderFamily).join('\n');

function renderFamily({ name, type, help, samples }: Family): string {
  const lines = samples.map(
    ({ suffix = '', labels = {}, value }) => `${withLabels(name + suffix, labels)} ${value}`,
  );
  return [`# HELP ${name} ${escape(help)}`, `# TYPE ${name} ${type}`, ...lines].join('\n');
}

/** The text of one source, and the labels that distinguish its samples. */
export interface Exposition {
  readonly text: string;
  readonly labels?: Labels;
}

/** Merges the texts: families of the same name become one, with the description of the first. */
export function mergeExpositions(expositions: readonly Exposition[]): string {
  const families = new Map<string, { description: Map<string, string>; samples: string[] }>();
  const familyOf = (name: string) => {
    const family = families.get(name) ?? { description: new Map<string, string>(), samples: [] };
    families.set(name, family);
    return family;
  };
  for (const { text, labels = {} } of expositions) {
    let current = '';
    for (const line of text.split('\n')) {
      const [, keyword, described] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (keyword !== undefined && described !== undefined) {
        const { description } = familyOf((current = described));
        if (!description.has(keyword)) description.set(keyword, line);
      } else if (line.trim() !== '' && !line.startsWith('#')) {
        familyOf(nameOf(line, current)).samples.push(withLabels(line, labels));
      }
    }
  }
  return [...families.values()]
    .flatMap(({ description, samples }) => [
      ...['HELP', 'TYPE'].flatMap((keyword) => description.get(keyword) ?? []),
      ...samples,
      '',
    ])
    .join('\n');
}

/** A sample belongs to the family described last, or to none. */
function nameOf(sample: string, current: string): string {
  const [name = sample] = /^[^{\s]+/.exec(sample) ?? [];
  return name.startsWith(current) && /^(_bucket|_sum|_count)?$/.test(name.slice(current.length))
    ? current
    : name;
}

/** Puts labels in front of a sample's own. */
function withLabels(sample: string, labels: Labels): string {
  const added = Object.entries(labels).map(
    ([name, value]) => `${name}="${escape(value).replaceAll('"', '\\"')}"`,
  );
  if (added.length === 0) return sample;
  const [, name = sample, had = '', rest = ''] = /^([^{\s]+)(?:\{(.*)\})?(.*)$/.exec(sample) ?? [];
  return `${name}{${[...added, had].filter((part) => part !== '').join(',')}}${rest}`;
}

const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
