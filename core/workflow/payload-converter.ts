import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import { isNestedTooDeep, MAX_LEVELS, MAX_PAYLOAD_BYTES } from '../bounds.js';

/** What stands in for bytes that could not be decoded. */
export class Undecodable {
  /** Why, in at most 200 characters. */
  readonly undecodable: string;
  /** The bytes as hexadecimal digits, at most the first 8 KiB. */
  readonly bytes: string;

  constructor(error: unknown, data: Uint8Array | null | undefined) {
    this.undecodable = String(error).slice(0, 200);
    this.bytes = toHex(data);
  }
}

/**
 * The default converter, except that it never throws inbound: an error while decoding a signal would fail the
 * workflow task again and again, before any handler could put the signal aside. The same becomes of what would fail
 * later on: `JSON.stringify` overflows the stack over a value that is nested deep enough, and Temporal, which takes
 * 2 MiB from a client, ends a workflow that hands an activity more than that.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: (payload: Payload) => {
    try {
      return bounded(payload) as never;
    } catch (error) {
      return new Undecodable(error, payload.data) as never;
    }
  },
};

function bounded(payload: Payload): unknown {
  if ((payload.data?.length ?? 0) > MAX_PAYLOAD_BYTES)
    throw new RangeError(`more than ${MAX_PAYLOAD_BYTES} bytes`);
  const value: unknown = defaultPayloadConverter.fromPayload(payload);
  if (isNestedTooDeep(value)) throw new RangeError(`nested deeper than ${MAX_LEVELS} levels`);
  return value;
}

const MAX_BYTES = 8_192;

const toHex = (data: Uint8Array | null | undefined): string =>
  Array.from(data?.slice(0, MAX_BYTES) ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('');
