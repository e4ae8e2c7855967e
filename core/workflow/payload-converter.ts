import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/** What stands in for bytes that could not be decoded. */
export interface Undecodable {
  readonly undecodable: string;
  /** The bytes as hexadecimal digits, at most the first 8 KiB. */
  readonly bytes: string;
}

/**
 * The default converter, except that it never throws inbound: an error while decoding a signal would fail the
 * workflow task again and again, before any handler could put the signal aside.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: (payload: Payload) => {
    try {
      return defaultPayloadConverter.fromPayload(payload);
    } catch (error) {
      return { undecodable: String(error), bytes: toHex(payload.data) } satisfies Undecodable as never;
    }
  },
};

export const isUndecodable = (value: unknown): value is Undecodable =>
  typeof value === 'object' && value !== null && 'undecodable' in value;

const MAX_BYTES = 8_192;

const toHex = (data: Uint8Array | null | undefined): string =>
  Array.from(data?.slice(0, MAX_BYTES) ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('');
