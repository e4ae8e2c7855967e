import { startSharedDatabase } from './shared-database.js';
import { startSharedTemporal } from './shared-temporal.js';
import { prepareWorkflows } from './shared-workflows.js';

/**
 * One PostgreSQL cluster and one Temporal dev server for the whole run. Test files find them by
 * TEST_DATABASE_URL and TEST_TEMPORAL_ADDRESS; where these are set already, what they name is used instead.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const started = await Promise.allSettled([
    startSharedDatabase(),
    startSharedTemporal(),
    prepareWorkflows(),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(started.flatMap((server) => (server.status === 'fulfilled' ? [server.value()] : [])));
  };
  const failed = started.find(({ status }) => status === 'rejected');
  if (failed?.status !== 'rejected') return stop;
  await stop();
  throw failed.reason;
}
