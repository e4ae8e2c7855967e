import { expect, test } from 'vitest';
import { explained, whyOf } from '../../tools/mutate/explained.js';
import { readReports, summarize } from '../../tools/mutate/kept-report.js';
import { parts } from '../../tools/mutate/parts.js';
import { pageOf } from '../../tools/generate/mutants.js';

const reports = await readReports();
const survivors = Object.values(reports).flatMap((report) => report.survivors);

test('every explanation is about a mutant that has survived', () => {
  const isFound = (one: (typeof explained)[number]) =>
    survivors.some(({ file, code, mutant }) => file === one.file && code === one.code && mutant === one.mutant);
  expect(explained.filter((one) => !isFound(one))).toEqual([]);
});

test('every mutant that has survived is explained', () => {
  expect(survivors.filter((survivor) => whyOf(survivor) === undefined)).toEqual([]);
});

test('every report is of a part that there is', () => {
  expect(Object.keys(reports).filter((name) => !(name in parts))).toEqual([]);
});

const at = (line: number, from: number, to: number, lines = 1) => ({
  start: { line, column: from },
  end: { line: line + lines - 1, column: to },
});

test('a report is summed up: noticed is what failed or hung, and what was left out counts neither way', () => {
  const source = 'const one = 1;\nconst more = one\n  + 2;\n';
  const mutant = { mutatorName: 'any', replacement: 'none' };
  const mutants = [
    { ...mutant, status: 'Killed', location: at(1, 1, 2) },
    { ...mutant, status: 'Timeout', location: at(1, 1, 2) },
    { ...mutant, status: 'Ignored', location: at(1, 1, 2) },
    { ...mutant, status: 'CompileError', location: at(1, 1, 2) },
    { ...mutant, status: 'Survived', location: at(1, 13, 14) },
    { ...mutant, status: 'NoCoverage', location: at(2, 14, 6, 2) },
  ];
  const report = summarize({ files: { 'a.ts': { source, mutants } } });
  expect(report).toEqual({
    killed: 2,
    survivors: [
      { file: 'a.ts', line: 1, code: '1', mutant: 'none' },
      { file: 'a.ts', line: 2, code: 'one + 2', mutant: 'none' },
    ],
  });
  expect(pageOf({ example: report })).toContain('| example | 4 | 2 | 50.0 % | 0 | 2 |');
  expect(pageOf({ example: report })).toContain('[`a.ts`](../a.ts):2 | `` one + 2 `` | `` none `` | – |');
});
