import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countRequests, tooFew, type FuzzedDocument } from '../../tools/fuzz/requests.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-requests-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const answers = (type: string) => ({ 200: { content: { [type]: {} } } });
const document: FuzzedDocument = {
  paths: {
    '/cups': {
      get: { parameters: [{ name: 'limit' }], responses: answers('application/json') },
      post: { requestBody: {}, responses: answers('application/json') },
    },
    '/healthz': { get: { responses: answers('application/json') } },
    '/events': { get: { parameters: [{ name: 'service' }], responses: answers('text/event-stream') } },
    '/forgotten': { put: { requestBody: {}, responses: answers('application/json') } },
  },
};

/** A schemathesis report about one operation in one phase. */
const scenario = (label: string, ...methods: readonly string[]) =>
  JSON.stringify({
    ScenarioFinished: {
      phase: 'fuzzing',
      recorder: { label, interactions: methods.map((method) => ({ request: { method } })) },
    },
  });

/** Writes a report and returns its path. */
async function report(name: string, ...lines: readonly string[]): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, [JSON.stringify({ Initialize: { seed: 1 } }), ...lines, ''].join('\n'));
  return file;
}

test('what each operation was sent is counted over all reports and phases, but for other methods', async () => {
  const reports = [
    await report('reading', scenario('GET /cups', 'GET', 'GET'), scenario('GET /cups', 'GET', 'TRACE')),
    await report('writing', scenario('POST /cups', 'POST'), scenario('GET /healthz', 'GET')),
  ];
  const requests = await countRequests(document, reports);
  expect(Object.fromEntries(requests.map(({ operation, count }) => [operation, count]))).toEqual({
    'GET /cups': 3,
    'POST /cups': 1,
    'GET /healthz': 1,
    'GET /events': 0,
    'PUT /forgotten': 0,
  });
  const neglected = (least: number) => tooFew(requests, least).map(({ operation }) => operation);
  expect(neglected(3)).toEqual(['POST /cups', 'PUT /forgotten']);
  expect(neglected(4)).toEqual(['GET /cups', 'POST /cups', 'PUT /forgotten']);
});
