import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder.js';
import type { MutationReport, Position } from './stryker.js';

const file = path.join(projectFolder, 'docs/mutants.json');

/** A mutant that no test has noticed. */
export interface Survivor {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The code, and what stood in its place; both on one line. */
  readonly code: string;
  readonly mutant: string;
}

export interface PartReport {
  /** Noticed by a test, which failed or no longer came to its end. */
  readonly killed: number;
  readonly survivors: readonly Survivor[];
}

export type KeptReports = Readonly<Record<string, PartReport>>;

/** The last report of each part. */
export async function readReports(): Promise<KeptReports> {
  return JSON.parse(await readFile(file, 'utf8')) as KeptReports;
}

/** Replaces the report of one part, and returns it. */
export async function keepReport(part: string, report: MutationReport): Promise<PartReport> {
  const kept = summarize(report);
  const others = await readReports().catch(() => ({}));
  await writeFile(file, `${JSON.stringify({ ...others, [part]: kept }, null, 2)}\n`);
  return kept;
}

/** Mutants that do not compile, or were left out on purpose, count neither way. */
export function summarize({ files }: MutationReport): PartReport {
  const mutants = Object.entries(files).flatMap(([name, { source, mutants: found }]) =>
    found.map((mutant) => ({ name, source, ...mutant })),
  );
  const survived = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  return {
    killed: mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length,
    survivors: survived.map(({ name, source, location, replacement = '' }) => ({
      file: name,
      line: location.start.line,
      code: onOneLine(between(source, location.start, location.end)),
      mutant: onOneLine(replacement),
    })),
  };
}

function between(source: string, start: Position, end: Position): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) => (index === last ? line.slice(0, end.column - 1) : line))
    .map((line, index) => (index === 0 ? line.slice(start.column - 1) : line))
    .join('\n');
}

const onOneLine = (code: string): string => code.replaceAll(/\s+/g, ' ').trim().slice(0, 160);
