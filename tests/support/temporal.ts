import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE } from '../../schemas/services.js';
import { untilItWorks } from './until.js';

/** A namespace that one test file has for itself, since task queues bear the same names everywhere. */
export interface TestNamespace {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  close(): Promise<void>;
}

const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/** A fresh namespace with the search attributes: call it in `beforeAll`, and `close` in `afterAll`. */
export async function createTestNamespace(): Promise<TestNamespace> {
  const address = process.env['TEST_TEMPORAL_ADDRESS'];
  if (address === undefined)
    throw new Error('TEST_TEMPORAL_ADDRESS is not set; tests/support/global-setup.ts sets it');
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  // A new namespace takes a moment until every part of the server knows it.
  await untilItWorks(() =>
    connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: { [ORDER_ID_ATTRIBUTE]: KEYWORD, [ORDER_STATUS_ATTRIBUTE]: KEYWORD },
    }),
  );
  await untilItWorks(() => client.workflow.count(`${ORDER_STATUS_ATTRIBUTE} = 'COMPLETED'`));
  return { address, namespace, client, close: () => connection.close() };
}
