import type { Pool } from '../../core/postgres/pool.js';
import { histogramOf, orderColumns, type OrderMeasures, type StepHistogram } from './columns.js';
import { orderFacts } from './order-facts.js';
import { readRecords, type RecordMeasures } from './read-records.js';

export type Totals = OrderMeasures<StepHistogram> & RecordMeasures;

/** All monitoring points over all orders ever placed. */
export async function readTotals(pool: Pool): Promise<Totals> {
  const [orders, records] = await Promise.all([
    pool.query<OrderMeasures<StepHistogram>>(selectTotals),
    readRecords(pool, 'true'),
  ]);
  const [measures] = orders.rows;
  if (!measures) throw new Error('the query of the monitoring points returned no row');
  return { ...measures, ...records };
}

const selectTotals = `select ${orderColumns(histogramOf)} from (${orderFacts('true')}) facts`;
