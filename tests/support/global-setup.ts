import { findTestServer } from '../../platform/temporal-binary.js';
import { startSharedDatabase } from './shared-database.js';
import { startSharedTemporal } from './shared-temporal.js';
import { bundleForTests } from './shared-workflows.js';

/**
 * One PostgreSQL cluster and one Temporal dev server for the whole run, the bundled workflows, and the time-skipping
 * server (TEST_SERVER_PATH). Test files find the servers by TEST_DATABASE_URL and TEST_TEMPORAL_ADDRESS; a server that
 * these name already is used as it is.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const started = await Promise.allSettled([
    startSharedDatabase(),
    startSharedTemporal(),
    bundleForTests(),
    findTimeSkippingServer(),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(started.flatMap((server) => (server.status === 'fulfilled' ? [server.value()] : [])));
  };
  const failed = started.find(({ status }) => status === 'rejected');
  if (failed?.status !== 'rejected') return stop;
  await stop();
  throw failed.reason;
}

async function findTimeSkippingServer(): Promise<() => Promise<void>> {
  process.env['TEST_SERVER_PATH'] = await findTestServer((line) => void process.stderr.write(`${line}\n`));
  return () => Promise.resolve();
}
