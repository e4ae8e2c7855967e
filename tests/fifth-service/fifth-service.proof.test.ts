import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { waysOf, NO_CHANGE, type Cell } from '../../schemas/decision-tables/cell.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { launchChromium } from '../browser/chromium.js';
import { until } from '../e2e/running-system.js';
import { CopyOfTheProject } from './copy.js';
import { freePorts } from '../../platform/ports.js';
import { programNode } from '../support/program-node.js';

// The kept patch of docs/tutorial-fifth-service.md, on a copy of the project: what it says is still true. That it compiles
// is checked by `npm run types:fifth-service`.

let copy: CopyOfTheProject;
beforeAll(async () => {
  copy = await CopyOfTheProject.create();
  expect(await copy.run('--import', 'tsx', 'tools/generate.ts')).toMatchObject({ code: 0 });
});
afterAll(() => copy.remove());

const simulate = (worlds: number) => copy.run('--import', 'tsx', 'tools/simulate.ts', `--worlds=${worlds}`);

test('decides as its table says, in every cell', async () => {
  const load = (file: string) => import(path.join(copy.folder, file)) as Promise<unknown>;
  const { shippingTable } = (await load('schemas/decision-tables/shipping-table.ts')) as {
    readonly shippingTable: Readonly<Record<string, Readonly<Record<string, Cell<string>>>>>;
  };
  const { decideShipping } = (await load('activities/shipping.ts')) as {
    readonly decideShipping: (row: object, event: object) => object;
  };
  const payload = { eventId: 'an event', correlationId: 'a request' };
  for (const [status, row] of Object.entries(shippingTable))
    for (const [type, cell] of Object.entries(row)) {
      const [way] = waysOf(cell);
      const { emits, then } = way ?? {};
      const cause = { eventId: payload.eventId, correlationId: payload.correlationId };
      expect([status, type, decideShipping({ status }, { type, payload })]).toEqual([
        status,
        type,
        then === NO_CHANGE
          ? { kind: 'none' }
          : {
              kind: 'change',
              row: { status: then },
              ...(emits && { emit: { type: emits.type, data: {}, cause } }),
            },
      ]);
    }
});

test('breaks no rule in simulated worlds, and without its tombstone it does, though no rule names it', async () => {
  expect(await simulate(1_000)).toMatchObject({
    code: 0,
    output: expect.stringContaining('No rule is broken') as string,
  });
  const tombstone = [
    'activities/shipping.ts',
    `row.status === 'REFUSED' ? NO_EFFECT`,
    `row.status !== 'SHIPPED' ? NO_EFFECT`,
  ] as const;
  await copy.edit(...tombstone);
  const { code, output } = await simulate(1_000);
  await copy.edit(tombstone[0], tombstone[2], tombstone[1]);
  expect(code).toBe(1);
  expect(output).toContain('shipping made of PaymentCancelledEvent, while NOTHING: NOTHING without a word');
});

test('ships an order of the running system, and has its lane on the dashboard', async () => {
  const { apiUrl } = await start();
  const call = async (route: string, body?: object) => {
    const init = body && {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=20' },
      body: JSON.stringify(body),
    };
    const answer = await fetch(`${apiUrl}${route}`, init);
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  };
  const order = await call('/orders', { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] });
  expect(order).toMatchObject({ status: 'COMPLETED' });
  const orderId = String(order['orderId']);
  const booked = async () => JSON.stringify(await call(`/orders/${orderId}/events`));
  await expect.poll(booked).toContain('"type":"ShipmentBookedEvent","version":1,"publisher":"shipping"');
  expect(await call('/faults/shipping')).toMatchObject({ service: 'shipping', allowed: false });
  if (process.env['WITHOUT_BROWSER'] === 'true') return;

  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(`${apiUrl}/#/orders/${orderId}`);
  await page.locator('.lane-state', { hasText: 'Shipment booked' }).waitFor();
  expect(await page.locator('.lane-text').allTextContents()).toEqual([
    'Order',
    'Payment',
    'Inventory',
    'Notification',
    'Shipping',
  ]);
});

/** What `npm start` runs, in the copy, on ports and data of its own. */
async function start(): Promise<{ readonly apiUrl: string }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-fifth-'));
  const names = ['API_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT'];
  const ports = await freePorts(names.length);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])),
    TEMPORAL_CLI_PATH: await findTemporalCli(() => undefined),
    DATA_DIR: dataDir,
  };
  delete env['WORKFLOW_BUNDLE'];
  const system = spawn(programNode(), [await copy.compiled('bin/start')], { cwd: copy.folder, env });
  let output = '';
  for (const stream of [system.stdout, system.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(system, 'exit');
  onTestFinished(async () => {
    system.kill('SIGINT');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  });
  await until(() => output.includes('Ctrl-C stops everything') || system.exitCode !== null, 90_000);
  if (system.exitCode !== null) throw new Error(`npm start ended: ${output}`);
  return { apiUrl: `http://127.0.0.1:${ports[0]}` };
}
