import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.js';
import { storeOrder } from '../support/shop.js';

const lines: string[] = [];
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
  });
});
afterAll(() => api.close());

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly req: { readonly id: string; readonly method: string; readonly path: string };
  readonly res?: { readonly statusCode: number };
  readonly err?: { readonly message: string; readonly code?: string };
}
const linesOf = (requestId: string | null): readonly Line[] =>
  lines.map((line) => JSON.parse(line) as Line).filter(({ req }) => req.id === requestId);

test('one line for each request, with its id, path and status', async () => {
  const { headers } = await api.call('GET', '/orders?customerId=alice');
  expect(linesOf(headers.get('x-request-id'))).toMatchObject([
    { req: { method: 'GET', path: '/orders' }, res: { statusCode: 200 } },
  ]);
});

test('health checks are not worth a line', async () => {
  const { headers } = await api.call('GET', '/healthz');
  expect(linesOf(headers.get('x-request-id'))).toEqual([]);
});

test('an address, a name, an operator or a key is never written down', async () => {
  const { orderId } = await storeOrder(api.db.owner);
  const headers = { operator: 'Secret Operator', 'idempotency-key': 'secret-key' };
  await api.call('PUT', '/contacts/alice', { body: { email: 'secret@example.com' } });
  await api.call('PUT', '/customers/alice', { body: { name: 'Secret Name' } });
  await api.call('PUT', '/contacts/alice', { body: { email: 'secret at example' } });
  await api.call('POST', `/orders/${orderId}/notification-retries`, { headers });
  expect(lines.join('')).not.toMatch(/secret/i);
});

test('an unexpected error is a 500 without its text; the log has it, but not the row that the database shows', async () => {
  await api.db.owner.query(
    `alter table notification.contacts add constraint nobody check (email <> 'secret@example.org')`,
  );
  const answer = await api.call('PUT', '/contacts/carol', { body: { email: 'secret@example.org' } });
  expect(answer).toMatchObject({ status: 500, body: { type: '/problems/internal-error' } });
  expect(JSON.stringify(answer.body)).not.toMatch(/constraint|contacts|secret/);
  const written = linesOf(answer.headers.get('x-request-id'));
  expect(written.find(({ err }) => err?.code === '23514')).toMatchObject({ level: 50 });
  expect(JSON.stringify(written)).not.toMatch(/secret/);
});
