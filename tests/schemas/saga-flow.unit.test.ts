import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue, eventTypes, type EventType } from '../../schemas/catalogue.js';
import { type CatalogueEntry } from '../../core/choreography.js';
import { renderSagaFlow } from '../../tools/generate/saga-flow.js';

const START = '<!-- AUTO_GENERATED_EVENT_SPEC_START -->';
const END = '<!-- AUTO_GENERATED_EVENT_SPEC_END -->';

const document = readFileSync('docs/saga-flow.ko.md', 'utf8');
const byHand = document.slice(0, document.indexOf(START));

/** The identifiers in code font, in order. */
const codesIn = (text = ''): readonly string[] =>
  [...text.matchAll(/`(\w+)`/g)].map(([, code]) => code ?? '');

/** The rows of the table under a heading, as cells. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const section = byHand.split(`\n${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.split('|').slice(1, -1));
}

const exceptionsOf = ({ subscribers }: CatalogueEntry): readonly string[] => {
  const excepted = subscribers.filter(({ unlessCausedBy }) => unlessCausedBy !== undefined);
  const causes = new Set(excepted.map(({ unlessCausedBy }) => unlessCausedBy ?? ''));
  return [...causes, ...excepted.map(({ service }) => service)];
};

const namesOf = ({ subscribers }: CatalogueEntry): readonly string[] =>
  subscribers.map(({ service }) => service);

describe('the hand-kept part of the saga flow', () => {
  it('has the catalogue as its table: publishers, subscribers in order of delivery, exceptions', () => {
    const table = tableUnder('## 3. 누가 무엇을 발행하고 구독하는가').map((row) => row.map(codesIn));
    expect(table).toEqual(
      eventTypes.map((type) => {
        const entry: CatalogueEntry = catalogue[type];
        return [[type], [entry.publisher], namesOf(entry), exceptionsOf(entry)];
      }),
    );
  });

  it.each(eventTypes)(
    'says of %s who publishes it, who listens, when, and what follows',
    (type: EventType) => {
      const section = byHand.split(`\n#### ${type}\n`)[1]?.split('\n#')[0] ?? '';
      const lineOf = (label: string) =>
        section.split('\n').find((line) => line.startsWith(`- **${label}**: `));
      expect(codesIn(lineOf('발행'))).toEqual([catalogue[type].publisher]);
      expect(codesIn(lineOf('구독'))).toEqual(namesOf(catalogue[type]));
      expect(lineOf('계기')).toMatch(/[가-힣]/);
      expect(lineOf('업무 규칙')).toMatch(/[가-힣]/);
    },
  );
});

describe('generating the fields', () => {
  it('leaves every byte outside the markers alone', () => {
    const before = '\uFEFF# 머리말\r\n\r\n끝 공백  \r\n';
    const after = '\r\n\t꼬리말 \u200b\n\n\n';
    const fresh = renderSagaFlow(`${before}${START}old text${END}${after}`);
    expect(fresh.startsWith(`${before}${START}`)).toBe(true);
    expect(fresh.endsWith(`${END}${after}`)).toBe(true);
    expect(fresh).not.toContain('old text');
    expect(renderSagaFlow(fresh)).toBe(fresh);
  });

  it('lists the fields of every event, those of named records included', () => {
    for (const type of eventTypes) expect(document).toContain(`#### \`${type}\``);
    expect(document).toContain('| `items[].unitPrice.currency` |');
    expect(document.match(/\| `total\.amount` \|/g)).toHaveLength(3);
  });

  it.each([
    ['no markers', '# text'],
    ['no end', START],
    ['no start', END],
    ['the start twice', `${START}${START}${END}`],
    ['the end twice', `${START}${END}${END}`],
    ['the end first', `${END}${START}`],
  ])('refuses a document with %s', (_, text) => {
    expect(() => renderSagaFlow(text)).toThrow(/saga-flow\.ko\.md (lacks|has) /);
  });
});
