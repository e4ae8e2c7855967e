import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allFaultsDocument, faultChangesPage, faultsDocument } from '../../api/faults/fault-documents.js';
import { createLogger } from '../../platform/logger.js';
import { services, type Service } from '../../schemas/services.js';
import { serve, startTestApi, type TestApi } from '../support/api.js';

let api: TestApi;
/** The same database behind an API started without faults. */
let strict: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  api = await startTestApi({ faultsAllowed: true });
  strict = await serve({
    pools: api.db.pools,
    client: api.temporal.client,
    temporalUiUrl: 'http://temporal.example',
    log: createLogger('test', 'silent'),
    stopping: new AbortController().signal,
  });
});
afterAll(async () => {
  await strict.close();
  await api.close();
});

const headers = { operator: 'Ann' };
const deliveries = { duplicate: 0, delay: 0, reorder: 0, maxDelayMs: 0 };
const bodies = {
  order: { deliveries: { duplicate: 1, delay: 0.5, reorder: 0.25, maxDelayMs: 10_000 } },
  payment: { charge: 'HANG', deliveries },
  inventory: { reserve: 'ERROR', deliveries },
  notification: { mail: { mode: 'REFUSE', refusals: 3 }, deliveries },
};
const off = {
  order: { deliveries },
  payment: { charge: 'NORMAL', deliveries },
  inventory: { reserve: 'NORMAL', deliveries },
  notification: { mail: { mode: 'NORMAL', refusals: 0 }, deliveries },
};

type Settings = Readonly<Partial<Record<Service, object>>>;
/** Of a service without a switch of its own, its deliveries. */
const settingsIn = (settings: Settings, service: Service): object => settings[service] ?? { deliveries };
const bodyOf = (service: Service): object => settingsIn(bodies, service);

test('everything is off until somebody switches it', async () => {
  for (const service of services)
    expect((await api.call('GET', `/faults/${service}`)).body).toEqual({
      ...settingsIn(off, service),
      service,
      allowed: true,
      changedAt: null,
      changedBy: null,
    });
  const { status, body } = await api.call('GET', '/faults');
  expect(status).toBe(200);
  expect(allFaultsDocument.parse(body)).toMatchObject({
    allowed: true,
    faults: services.map((service) => ({ service, changedBy: null })),
  });
});

test.each(services)('%s: what is switched is shown, with who and when', async (service) => {
  const startedAt = Date.now();
  const put = await api.call('PUT', `/faults/${service}`, { headers, body: bodyOf(service) });
  expect(put.status).toBe(200);
  expect(put.body).toEqual({
    ...bodyOf(service),
    service,
    allowed: true,
    changedAt: expect.any(String) as string,
    changedBy: 'Ann',
  });
  const { changedAt } = faultsDocument.parse(put.body);
  expect(Math.abs(Date.parse(changedAt ?? '') - startedAt)).toBeLessThan(60_000);
  expect((await api.call('GET', `/faults/${service}`)).body).toEqual(put.body);
  const all = allFaultsDocument.parse((await api.call('GET', '/faults')).body);
  expect(all.faults).toContainEqual(put.body);
});

test('where faults are not allowed nothing can be switched, and what is stored is shown as not allowed', async () => {
  const stored = await api.call('GET', '/faults/payment');
  const refused = await strict.call('PUT', '/faults/payment', { headers, body: off.payment });
  expect(refused).toMatchObject({ status: 403, body: { type: '/problems/faults-not-allowed', status: 403 } });
  expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect((await api.call('GET', '/faults/payment')).body).toEqual(stored.body);
  expect((await strict.call('GET', '/faults/payment')).body).toMatchObject({ allowed: false });
  const { allowed, faults } = allFaultsDocument.parse((await strict.call('GET', '/faults')).body);
  expect([allowed, ...faults.map((one) => one.allowed)]).toEqual([false, false, false, false, false]);
});

describe('a change that is refused', () => {
  const withDeliveries = (change: object) => ({ ...off.payment, deliveries: { ...deliveries, ...change } });
  test.each([
    ['an unknown charge', 'payment', { ...off.payment, charge: 'EXPLODE' }, ['#/charge']],
    ["another service's switch", 'inventory', off.payment, ['#/reserve', '#/charge']],
    ['a field nobody knows', 'order', { ...off.order, mail: 1 }, ['#/mail']],
    ['a switch left out', 'payment', { deliveries }, ['#/charge']],
    [
      'chances beyond 0 to 1',
      'payment',
      withDeliveries({ duplicate: -0.1, delay: 1.1, reorder: '1' }),
      ['#/deliveries/duplicate', '#/deliveries/delay', '#/deliveries/reorder'],
    ],
    ['too long a delay', 'payment', withDeliveries({ maxDelayMs: 10_001 }), ['#/deliveries/maxDelayMs']],
    ['half a millisecond', 'payment', withDeliveries({ maxDelayMs: 0.5 }), ['#/deliveries/maxDelayMs']],
    [
      'a mail server in an unknown mode',
      'notification',
      { mail: { mode: 'SLOW', refusals: -1 }, deliveries },
      ['#/mail/mode', '#/mail/refusals'],
    ],
    ['no body', 'order', undefined, ['#']],
  ])('%s: 400, with a pointer to each bad field', async (_, service, body, pointers) => {
    const answer = await api.call('PUT', `/faults/${service}`, { headers, body });
    expect(answer).toMatchObject({ status: 400, body: { type: '/problems/malformed-request' } });
    const { errors } = answer.body as { errors: readonly { readonly pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([...pointers].sort());
  });

  test('without a name: 400, with the header', async () => {
    const answer = await api.call('PUT', '/faults/payment', { body: off.payment });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ header: 'Operator' }] } });
  });

  test.each(['GET', 'PUT'])('%s of a service that does not exist: 404', async (method) => {
    const body = method === 'PUT' ? off.order : undefined;
    for (const app of [api, strict])
      expect(await app.call(method, '/faults/drones', { headers, body })).toMatchObject({
        status: 404,
        body: { type: '/problems/not-found' },
      });
  });

  test('is not on the record', async () => {
    const count = async () => (await api.db.owner.query(`select 1 from faults.changes`)).rowCount;
    const before = await count();
    await api.call('PUT', '/faults/payment', { headers, body: { charge: 'NORMAL' } });
    await api.call('PUT', '/faults/payment', { body: off.payment });
    expect(await count()).toBe(before);
  });
});

describe('the record of changes', () => {
  interface Change {
    readonly operator: string;
    readonly settings: object;
  }
  const listAll = async (query: string): Promise<readonly Change[]> => {
    const seen: Change[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/fault-changes?${query}${cursor && `&cursor=${cursor}`}`;
      const page = faultChangesPage.parse((await api.call('GET', path)).body);
      seen.push(...page.faultChanges);
      cursor = page.nextCursor;
    }
    return seen;
  };

  test.each([1, 2, 100])('in pages of %i shows who switched what, newest first', async (limit) => {
    for (const operator of ['Bea', 'Cem'])
      for (const body of [bodies.inventory, off.inventory])
        await api.call('PUT', '/faults/inventory', { headers: { operator }, body });
    const changes = await listAll(`service=inventory&limit=${limit}`);
    expect(changes.slice(0, 4)).toMatchObject([
      { operator: 'Cem', settings: off.inventory },
      { operator: 'Cem', settings: bodies.inventory },
      { operator: 'Bea', settings: off.inventory },
      { operator: 'Bea', settings: bodies.inventory },
    ]);
    expect(changes.at(-1)).toMatchObject({ operator: 'Ann', settings: bodies.inventory });
    const ofAll = await listAll(`limit=${limit}`);
    expect(ofAll.length).toBe(changes.length + services.length - 1);
    expect(ofAll.slice(0, 4)).toEqual(changes.slice(0, 4));
  });

  test.each(['service=drones', 'limit=0', 'cursor=x', 'since=1'])('%s is malformed', async (query) => {
    expect((await api.call('GET', `/fault-changes?${query}`)).status).toBe(400);
  });
});
