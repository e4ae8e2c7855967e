import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const filesOf = (...patterns: readonly string[]): readonly string[] =>
  execFileSync('git', ['ls-files', ...patterns], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(file));

const documents = filesOf('*.md').filter((file) => !file.includes('compose-spec'));
const architecture = readFileSync('docs/architecture.md', 'utf8');

test('every rule that the code names is in the architecture, under its own link', () => {
  const named = new Set(
    filesOf('*.ts', '*.tsx', '*.sql').flatMap((file) => readFileSync(file, 'utf8').match(/\bR\d{1,2}\b/g) ?? []),
  );
  const explained = [...architecture.matchAll(/<a id="(r\d+)"><\/a>\n\*\*(R\d+)\. /g)];
  for (const [, anchor, rule] of explained) expect(anchor).toBe(rule?.toLowerCase());
  const rules = explained.map(([, , rule]) => rule);
  expect(rules).toEqual(Array.from({ length: 11 }, (_, i) => `R${i + 1}`));
  expect([...named].filter((rule) => !rules.includes(rule))).toEqual([]);
});

test('the project has at most 15 words of its own', () => {
  const [, table = ''] = /\n\| word \|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)/.exec(architecture) ?? [];
  const words = table.trim().split('\n');
  expect(words.length).toBeGreaterThan(5);
  expect(words.length).toBeLessThanOrEqual(15);
});

/** A file or folder of the project, in back quotes or behind a link. */
function* pathsIn(file: string): Iterable<string> {
  const text = readFileSync(file, 'utf8');
  const folders = filesOf('*/*').map((name) => name.split('/')[0] ?? '');
  for (const [, quoted = ''] of text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g))
    if (folders.includes(quoted.split('/')[0] ?? '')) yield quoted;
  for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g))
    if (!/^\w+:/.test(target)) yield path.join(path.dirname(file), target);
}

test.each(documents)('every file that %s names is there', (file) => {
  const isThere = (name: string) =>
    ['', 'tests/fifth-service/files/'].some((folder) => existsSync(folder + name)) || name.startsWith('dist/');
  const missing = [...pathsIn(file)].filter((name) => !isThere(name));
  expect(missing).toEqual([]);
});

test('one hop of an event is read in at most 18 files', () => {
  const [, section = ''] = /### One hop, file by file\n([^]*?)\n## /.exec(architecture) ?? [];
  const files = [...section.matchAll(/`([\w/.-]+\.ts)`/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(10);
  expect(new Set(files).size).toBeLessThanOrEqual(18);
});

test.each(documents.filter((file) => /^docs\/decisions\/\d/.test(file)))('%s has a status and a date', (file) => {
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^Status: \w+/m);
  expect(text).toMatch(/^Date: \d{4}-\d\d-\d\d/m);
});
