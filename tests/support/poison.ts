import type { Client } from '@temporalio/client';
import { RawValue } from '@temporalio/common';
import type { QuarantineReason } from '../../core/activity/inspection.js';

/** A signal that was made to stop whoever receives it. */
export interface Poison {
  readonly signalName: string;
  /** Made when it is sent: some are large. */
  readonly payloads: () => readonly Payload[];
  readonly reason: QuarantineReason;
  /** What the quarantine's body begins with. */
  readonly body: string;
}

interface Payload {
  readonly metadata?: { readonly encoding: Uint8Array };
  readonly data?: Uint8Array;
}

/** Bytes that claim to be JSON. */
export const json = (text: string | Uint8Array): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(text),
});

/** The JSON of an array in an array in an array. */
export const nestedJson = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** The JSON of a text that takes so many bytes. */
export const longJson = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2));

/** An argument of a call to Temporal that the client sends as it is. */
export const asIs = (payload: Payload): RawValue => RawValue.fromPayload(payload);

/** Near the 2 MiB that Temporal takes. */
const MOST_BYTES = 2_090_000;

const unknown = (signalName: string): Poison => ({
  signalName,
  payloads: () => [json('{"any":"thing"}')],
  reason: 'UNKNOWN_EVENT',
  body: '[{"any":"thing"}]',
});

const undecodable = (signalName: string, payloads: Poison['payloads']): Poison => ({
  signalName,
  payloads,
  reason: 'UNDECODABLE',
  body: '[{"undecodable":"',
});

const notOnePayload = (payloads: Poison['payloads'], body: string): Poison => ({
  signalName: EVENT,
  payloads,
  reason: 'NOT_ONE_PAYLOAD',
  body,
});

const EVENT = 'InventoryReservedEvent';

export const poisons = {
  'a signal whose name the SDK keeps for itself': unknown('__temporal_x'),
  'a signal named like a query of the SDK': unknown('__stack_trace'),
  'a signal named like another query of the SDK': unknown('__enhanced_stack_trace'),
  'a signal named like a third query of the SDK': unknown('__temporal_workflow_metadata'),
  'a signal named like one of an SDK add-on': unknown('__temporal_workflow_stream_publish'),
  'a signal named as a refused name is passed on': unknown('~__temporal_x'),
  'a signal with the longest name': unknown('이'.repeat(333)),
  'an event nested 20,000 levels deep': undecodable(EVENT, () => [json(nestedJson(20_000))]),
  'an event nested 5,000 levels deep': undecodable(EVENT, () => [json(`{"eventId":${nestedJson(5_000)}}`)]),
  'an unknown signal nested 20,000 levels deep': undecodable('Unknown', () => [json(nestedJson(20_000))]),
  'an event nested as deep as 2 MiB allow': undecodable(EVENT, () => [json(nestedJson(MOST_BYTES / 2))]),
  'an event of 2 MiB': undecodable(EVENT, () => [json(longJson(MOST_BYTES))]),
  'an unknown signal of 2 MiB': undecodable('Unknown', () => [json(longJson(MOST_BYTES))]),
  'an event of a million payloads': undecodable(EVENT, () => Array<Payload>(1_000_000).fill({})),
  'an event of 50,000 payloads': notOnePayload(() => Array<Payload>(50_000).fill(json('{}')), '[{},{},{}'),
  'an event without a payload': notOnePayload(() => [], '[]'),
  'an event of an unknown encoding': undecodable(EVENT, () => [
    { metadata: { encoding: Buffer.from('binary/unknown') }, data: Buffer.from('{}') },
  ]),
  'bytes that are not JSON': undecodable(EVENT, () => [json(new Uint8Array([0xff, 0x7b, 0x00]))]),
} satisfies Readonly<Record<string, Poison>>;

export type PoisonName = keyof typeof poisons;
export const poisonNames = Object.keys(poisons) as PoisonName[];

/** Sends a poison as it is: the client's own calls would choke on some. */
export async function poison(
  { workflowService, options: { namespace } }: Client,
  workflowId: string,
  name: PoisonName,
): Promise<void> {
  const { signalName, payloads } = poisons[name];
  await workflowService.signalWorkflowExecution({
    ...{ namespace, workflowExecution: { workflowId }, signalName },
    input: { payloads: [...payloads()] },
  });
}
