import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generatedFiles, regenerate } from '../../tools/generate/generated-files.js';

const paths = generatedFiles.map(({ path }) => path);
let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'generate-'));
  for (const path of paths) await cp(path, join(root, path));
});

afterEach(() => rm(root, { recursive: true }));

async function edit(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(root, path), 'utf8');
  expect(text).toMatch(from);
  await writeFile(join(root, path), text.replace(from, to));
}

describe('drift', () => {
  it('is nowhere in what is committed', async () => {
    expect(await regenerate('.', 'check')).toEqual([]);
  });

  it.each([
    ['schemas/generated/events.ts', 'readonly attempts: number', 'readonly attempts: string'],
    ['docs/saga-flow.ko.md', '| 시도 횟수 |', '| 횟수 |'],
    ['docs/decision-tables.md', '**CONFIRMED**', '**REFUNDED**'],
    ['docs/ways-in.md', 'UNKNOWN_EVENT', 'UNKNOWN_EVENTS'],
    ['api/generated/openapi.ts', 'readonly paymentDueAt: string', 'readonly paymentDueAt: number'],
    ['docs/asyncapi.yaml', 'action: receive', 'action: send'],
    ['docs/asyncapi.md', '--> payment', '--> inventory'],
    ['docs/limits.md', '| 999 |', '| 1,000 |'],
    ['docs/monitoring-points.md', 'paid_at', 'payed_at'],
    ['docker-compose.temporal.yml', 'dist/bin/worker.js payment', 'dist/bin/worker.js order'],
    ['.env.compose.example', 'PAYMENT_DB_PASSWORD', 'PAYMENTS_DB_PASSWORD'],
    ['.env.example', 'payment_service:', 'payments_service:'],
  ])('is found in %s, written away, and then gone', async (path, from, to) => {
    await edit(path, from, to);
    expect(await regenerate(root, 'check')).toEqual([path]);
    expect(await regenerate(root, 'write')).toEqual([path]);
    expect(await readFile(join(root, path))).toEqual(await readFile(path));
    expect(await regenerate(root, 'check')).toEqual([]);
  });

  it('is a generated file that is missing', async () => {
    await rm(join(root, 'schemas/generated/events.ts'));
    expect(await regenerate(root, 'check')).toEqual(['schemas/generated/events.ts']);
  });

  it('is not what people write outside the markers', async () => {
    await edit('docs/saga-flow.ko.md', '## 2. 용어', '## 2. 말뜻');
    expect(await regenerate(root, 'check')).toEqual([]);
  });

  it('writes nothing at all when one file is unusable', async () => {
    await edit('schemas/generated/events.ts', 'attempts: number', 'attempts: string');
    await edit('docs/saga-flow.ko.md', /<!-- AUTO_GENERATED_EVENT_SPEC_END -->/, '');
    await expect(regenerate(root, 'write')).rejects.toThrow(/lacks .*_END/);
    expect(await readFile(join(root, 'schemas/generated/events.ts'), 'utf8')).toContain('attempts: string');
  });
});
