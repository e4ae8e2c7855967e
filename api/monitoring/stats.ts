import { z } from 'zod';
import { readStats, type StatsQuery } from '../../db/monitoring/read-stats.js';
import { databaseTime } from '../../core/postgres/database-time.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { EpochMillis } from '../../core/event.js';
import { countTo, time } from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import type { ResourceGroup } from '../http/router.js';
import { statsDocument, statsJson } from './stats-document.js';

export const statsResources = (pool: Pool): ResourceGroup => ({
  name: 'Monitoring',
  description: 'The monitoring points, as defined in docs/monitoring-points.md.',
  resources: { '/stats': { get: getStats(pool) } },
});

const statsQuery = z.strictObject({
  from: time.optional().describe('Orders created at or after this time; by default, a day before `to`.'),
  to: time.optional().describe('Orders created before this time; by default, now.'),
  buckets: countTo(200).default(24).describe('The number of parts into which `series` divides the time.'),
});

const getStats = (pool: Pool) =>
  operation({
    id: 'showStats',
    summary: 'Shows the monitoring points for the orders created in a window of time',
    query: statsQuery,
    responses: { 200: { description: 'The points; times per step are in ms', body: statsDocument } },
    handle: async ({ query }) => {
      const window = windowOf(query, query.to ?? (await databaseTime(pool)));
      return { status: 200, body: statsJson(window, await readStats(pool, window)) };
    },
  });

const DAY_MS = 86_400_000;

function windowOf({ buckets, ...given }: z.output<typeof statsQuery>, to: EpochMillis): StatsQuery {
  const from = given.from ?? ((to - DAY_MS) as EpochMillis);
  if (from < to) return { from, to, buckets };
  const detail = `expected a time before ${new Date(to).toISOString()}`;
  throw new Problem('malformed-request', `from: ${detail}`, { errors: [{ parameter: 'from', detail }] });
}
