import { describe, expect, test } from 'vitest';
import { completeEvent } from '../../core/activity/complete-event.js';
import { MAX_PAYLOAD_BYTES } from '../../core/bounds.js';
import type { EpochMillis } from '../../core/event.js';
import { choreography } from '../../examples/hello-choreography/choreography.js';
import { contract, correlationId, parcelPosted } from './parcel-events.js';
import { NOW, sagaId } from './scripted-engine.js';

describe('an event that is completed', () => {
  const complete = (data: object) =>
    completeEvent(
      contract,
      sagaId,
      { type: 'ParcelPostedEvent', data, cause: { eventId: null, correlationId } },
      NOW as EpochMillis,
    );

  test('carries ids, version and time beside its data', () => {
    expect(complete({ size: 30 })).toEqual(parcelPosted());
  });

  test('must fit its schema', () => {
    expect(() => complete({ size: 'large' })).toThrow('ParcelPostedEvent breaks its schema: [{"path":"size"');
  });

  test('must not be larger than its subscribers read', () => {
    const schemas = { validate: (_: string, payload: object) => ({ ok: true, payload }) } as never;
    const sized = (length: number) =>
      completeEvent(
        { choreography, schemas },
        sagaId,
        {
          type: 'ParcelPostedEvent',
          data: { more: 'x'.repeat(length) },
          cause: { eventId: null, correlationId },
        },
        NOW as EpochMillis,
      );
    const room = MAX_PAYLOAD_BYTES - Buffer.byteLength(JSON.stringify(sized(0).payload));
    expect(Buffer.byteLength(JSON.stringify(sized(room).payload))).toBe(MAX_PAYLOAD_BYTES);
    expect(() => sized(room + 1)).toThrow(`larger than ${MAX_PAYLOAD_BYTES} bytes`);
  });
});
