import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { withConnections } from '../../platform/connections.js';
import { workflowIdOf } from '../../core/choreography.js';
import type { RunningSystem } from '../e2e/running-system.js';
import type { Cancellation } from '../support/lost-cancellation.js';

/** Signals a cancellation to Payment, as Order does when it publishes an event. */
export async function signalPayment({ dataDir }: RunningSystem, payload: Cancellation): Promise<void> {
  const { TEMPORAL_ADDRESS } = withConnections({}, dataDir);
  const connection = await Connection.connect({ address: TEMPORAL_ADDRESS ?? '' });
  try {
    await new Client({ connection }).workflow.signalWithStart('payment', {
      workflowId: workflowIdOf('payment', payload.orderId),
      taskQueue: 'payment',
      args: [payload.orderId],
      signal: 'OrderCancelledEvent',
      signalArgs: [payload],
    });
  } finally {
    await connection.close();
  }
}

/** Writes it to the journal after all, in Order's role. */
export async function restoreToJournal({ dataDir }: RunningSystem, payload: Cancellation): Promise<void> {
  const client = new pg.Client({ connectionString: withConnections({}, dataDir)['DATABASE_URL_ORDER'] });
  await client.connect();
  try {
    await client.query(
      `insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
       values ($1, $2, 'OrderCancelledEvent', 1, $3, $4, now(), $5)`,
      [payload.eventId, payload.orderId, payload.correlationId, payload.causationId, JSON.stringify(payload)],
    );
  } finally {
    await client.end();
  }
}
