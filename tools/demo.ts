import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { withConnections } from '../platform/connections.js';
import { dataDirIn } from '../platform/data-dir.js';
import { readEnvFile } from '../platform/environment.js';
import { readSecretFiles } from '../platform/secret-files.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { isFinal } from '../schemas/order-status.js';
import { aligned } from '../platform/aligned.js';
import { lineOf } from './audit/findings.js';
import { auditUntilClean, findRunning, ordersNotIn } from './audit/system.js';
import { createApiClient, requireApi, type Order } from './demo/api-client.js';
import { auditHoldings, auditMails, takeStock, type Holdings } from './demo/audit.js';
import { seededRandom } from './demo/random.js';
import { openShop, planOrder } from './demo/shop.js';
import { startProgress } from './progress.js';

const program = new Command('demo')
  .description('Places a seeded random mix of orders in a running system, then audits money and stock.')
  .option('--orders <n>', 'how many orders', Number, 100)
  .option('--seed <s>', 'the same seed places the same orders', Number, 1)
  .option('--concurrency <n>', 'orders in flight at once', Number, 10)
  .option(
    '--rate <n>',
    'place this many orders per second, whatever is in flight; replaces --concurrency',
    Number,
  )
  .option('--deadline <seconds>', 'how long one order may take to become final', Number, 900)
  .option('--api <url>', 'where the API is; by default the one that npm start runs on DATA_DIR', readUrl)
  .parse();
const options = program.opts<
  Record<'orders' | 'seed' | 'concurrency' | 'deadline', number> & { api?: string; rate?: number }
>();
for (const name of ['orders', 'seed', 'concurrency', 'deadline'] as const)
  if (!Number.isInteger(options[name]) || options[name] < 1)
    program.error(`--${name}: expected a whole number of at least 1`);
if (options.rate !== undefined && !(options.rate > 0 && options.rate <= 1_000))
  program.error('--rate: expected a number above 0, at most 1000');

readEnvFile();
readSecretFiles(process.env);
const signal = shutdownSignal();
const dataDir = dataDirIn(process.env);
const known = withConnections(process.env, dataDir);
const apiUrl = options.api ?? known['API_URL'] ?? `http://127.0.0.1:${known['API_PORT'] ?? 3_000}`;
const api = createApiClient(apiUrl, signal);

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  if (signal.aborted) console.error('\nstopped; the orders placed so far continue');
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function run(): Promise<boolean> {
  await requireApi(apiUrl, signal);
  console.log(`Placing ${options.orders} orders at ${apiUrl}`);
  const id = randomUUID().slice(0, 8);
  const random = seededRandom(options.seed);
  const shop = await openShop(api, id);
  const before = await takeStock(api, shop);
  const planned = Array.from({ length: options.orders }, () => planOrder(shop, random));
  const progress = startProgress('orders', planned.length, 50);
  let final = 0;
  const orders = await inParallel(planned, async (plan, index) => {
    const placed = await api.place(plan, `demo-${id}-${index}`);
    const order = await untilFinal(placed);
    progress.show(++final);
    return order;
  }).finally(() => progress.stop());
  const after = await takeStock(api, shop);
  printOutcomes(orders);
  const mails = await auditMails(api, orders);
  const unfinished = orders.filter(({ status }) => !isFinal(status));
  const findings = [
    ...unfinished.map(({ orderId, status }) => `order ${orderId} is still ${status}`),
    ...auditHoldings(before, after, orders),
    ...mails.findings,
  ];
  console.log('\nMoney in won and stock in pieces, before and after');
  console.log(aligned(changes(before, after)));
  const mailSummary = mails.findings.length === 0 ? 'one for each completed order' : 'see below';
  console.log(`Mails: ${mails.unknown ?? mailSummary}`);
  for (const finding of findings) console.error(`AUDIT: ${finding}`);
  console.log(
    findings.length === 0 ? 'Audit: clean, to the last won and piece' : `Audit: ${findings.length} findings`,
  );
  const finished = orders.filter((order) => !unfinished.includes(order)).map(({ orderId }) => orderId);
  return (await isCleanByAuditor(finished)) && findings.length === 0;
}

/** Runs the independent auditor over the whole system, if we know its database. It waits for events still on their way. */
async function isCleanByAuditor(finished: readonly string[]): Promise<boolean> {
  const system = findRunning(process.env, dataDir);
  if (!system) {
    console.log('Auditor: skipped, since DATABASE_URL is not set and no npm start runs on DATA_DIR');
    return true;
  }
  const [elsewhere] = await ordersNotIn(system, finished);
  if (elsewhere !== undefined) {
    console.error(
      `AUDITOR: order ${elsewhere} of ${apiUrl} is not in the database that DATA_DIR or DATABASE_URL points to`,
    );
    return false;
  }
  const { orders, rules, findings } = await auditUntilClean(system, { grace: 0, wait: 120 });
  for (const finding of findings) console.error(`AUDITOR: ${lineOf(finding)}`);
  const verdict = findings.length === 0 ? 'clean' : `${findings.length} findings`;
  console.log(`Auditor: ${verdict} (${rules} rules over all ${orders} orders, and Temporal)`);
  return findings.length === 0;
}

async function untilFinal(order: Order): Promise<Order> {
  const deadline = Date.now() + options.deadline * 1_000;
  let latest = order;
  while (!isFinal(latest.status) && Date.now() < deadline) {
    await sleep(200, undefined, { signal });
    latest = await api.order(order.orderId);
  }
  return latest;
}

/** Keeps `concurrency` in flight, or starts `rate` per second. The results have the order of the inputs. */
async function inParallel<In, Out>(inputs: readonly In[], work: (input: In, index: number) => Promise<Out>) {
  const results: Out[] = [];
  const queue = inputs.entries();
  const { rate, concurrency } = options;
  const begunAt = Date.now();
  const lane = async () => {
    for (const [index, input] of queue) {
      if (rate !== undefined)
        await sleep(begunAt + (index * 1_000) / rate - Date.now(), undefined, { signal });
      results[index] = await work(input, index);
    }
  };
  await Promise.all(Array.from({ length: rate === undefined ? concurrency : inputs.length }, lane));
  return results;
}

function readUrl(text: string): string {
  if (URL.canParse(text)) return text;
  throw new InvalidArgumentError('Expected a URL such as http://127.0.0.1:3000.');
}

function printOutcomes(orders: readonly Order[]): void {
  const outcomes = new Map<string, number>();
  for (const { status, reason } of orders) {
    const outcome = reason === null ? status : `${status}, ${reason}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  console.log('\nOutcomes');
  console.log(aligned(Object.fromEntries(outcomes)));
  const times = orders.map(
    ({ createdAt, history }) => Date.parse(history.at(-1)?.at ?? createdAt) - Date.parse(createdAt),
  );
  times.sort((one, other) => one - other);
  const percentile = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  console.log(`From order to final state: p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms`);
}

function changes(before: Holdings, after: Holdings): Readonly<Record<string, string>> {
  const then = amounts(after);
  return Object.fromEntries(
    Object.entries(amounts(before)).map(([name, amount]) => [name, `${amount} -> ${then[name] ?? 'gone'}`]),
  );
}

/** Won by customer, and available pieces by product. */
function amounts({ money, stock }: Holdings): Readonly<Record<string, number>> {
  const pieces = [...stock].map(([sku, { available }]) => [sku, available] as const);
  return Object.fromEntries([...money, ...pieces]);
}
