import { regenerate, type GeneratedFile } from './generated-files.js';

/** What `npm run generate` says, and why it fails, if it does. */
export interface Report {
  readonly lines: readonly string[];
  readonly failure?: string;
}

/** Generates, or checks, the files under `root`; never throws. */
export async function report(
  root: string,
  mode: 'write' | 'check',
  files?: readonly GeneratedFile[],
): Promise<Report> {
  try {
    const stale = await regenerate(root, mode, files);
    if (stale.length === 0) return { lines: ['all generated files are up to date'] };
    if (mode === 'write') return { lines: stale.map((path) => `written: ${path}`) };
    return { lines: stale.map((path) => `not up to date: ${path}`), failure: 'run: npm run generate' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { lines: [], failure: `nothing was generated: ${why}` };
  }
}
