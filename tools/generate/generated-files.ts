import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderAsyncApi } from './asyncapi.js';
import { renderAsyncApiPage } from './asyncapi-page.js';
import { renderCost } from './cost.js';
import { renderCompose, renderComposeExample, renderEnvironmentExample } from './deployment.js';
import { renderDecisionTables } from './decision-tables.js';
import { renderReleasedSchemas } from './released-schemas.js';
import { renderLimits } from './limits.js';
import { renderMonitoringPoints } from './monitoring-points.js';
import { renderMutants } from './mutants.js';
import { renderOpenApiTypes } from './openapi-types.js';
import { renderSagaFlow } from './saga-flow.js';
import { renderEventTypes } from './typescript-events.js';
import { renderWaysIn } from './ways-in.js';

export interface GeneratedFile {
  /** From the project's root. */
  readonly path: string;
  /** The whole new text; `present` is the file as it is now, empty where there is none. Throws when it is unusable. */
  readonly render: (present: string) => string | Promise<string>;
}

/** Every generated file, and every file with a generated part. A further one is one more line here. */
export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'schemas/generated/events.ts', render: renderEventTypes },
  { path: 'docs/saga-flow.ko.md', render: renderSagaFlow },
  { path: 'docs/decision-tables.md', render: renderDecisionTables },
  { path: 'docs/ways-in.md', render: renderWaysIn },
  { path: 'api/generated/openapi.ts', render: renderOpenApiTypes },
  { path: 'schemas/avro/released.json', render: renderReleasedSchemas },
  { path: 'docs/asyncapi.yaml', render: renderAsyncApi },
  { path: 'docs/asyncapi.md', render: renderAsyncApiPage },
  { path: 'docs/limits.md', render: renderLimits },
  { path: 'docs/monitoring-points.md', render: renderMonitoringPoints },
  { path: 'docs/mutants.md', render: renderMutants },
  { path: 'docs/cost.md', render: renderCost },
  { path: 'docker-compose.temporal.yml', render: renderCompose },
  { path: '.env.compose.example', render: renderComposeExample },
  { path: '.env.example', render: renderEnvironmentExample },
];

/**
 * Returns the paths of the files under `root` that are not what the schemas say, and writes those in mode `write`.
 * All are rendered before any is written. Throws when a file cannot be read, rendered or written.
 */
export async function regenerate(
  root: string,
  mode: 'write' | 'check',
  files: readonly GeneratedFile[] = generatedFiles,
): Promise<readonly string[]> {
  const rendered = await Promise.all(files.map((file) => renderFile(root, file)));
  const stale = rendered.filter(({ present, fresh }) => present !== fresh);
  if (mode === 'write') for (const { path, fresh } of stale) await writeFile(join(root, path), fresh);
  return stale.map(({ path }) => path);
}

async function renderFile(root: string, { path, render }: GeneratedFile) {
  const present = await readIfThere(join(root, path));
  return { path, present, fresh: await render(present) };
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
