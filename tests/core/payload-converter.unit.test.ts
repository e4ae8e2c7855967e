import { expect, test } from 'vitest';
import { MAX_PAYLOAD_BYTES } from '../../core/bounds.js';
import { payloadConverter, Undecodable } from '../../core/workflow/payload-converter.js';
import { json, longJson, nestedJson } from '../support/poison.js';

const read = (payload: object): unknown => payloadConverter.fromPayload(payload);

test('what the converter writes it reads', () => {
  const value = { undecodable: 'but it is a plain object', list: [1, null, 'text'] };
  expect(read(payloadConverter.toPayload(value))).toEqual(value);
  expect(read(payloadConverter.toPayload(value))).not.toBeInstanceOf(Undecodable);
});

test.each([
  ['bytes that are not JSON', json(new Uint8Array([0xff, 0x7b])), 'SyntaxError', 'ff7b'],
  ['no metadata', {}, 'Missing payload metadata', ''],
  ['an unknown encoding', { metadata: { encoding: Buffer.from('x'.repeat(500)) } }, 'Unknown encoding', ''],
  ['20,000 levels', json(nestedJson(20_000)), 'nested deeper than 64 levels', '5b'.repeat(8_192)],
  ['65 levels', json(nestedJson(65)), 'nested deeper than 64 levels', '5b'.repeat(65) + '5d'.repeat(65)],
  ['a million levels', json(nestedJson(1_000_000)), 'more than 262144 bytes', '5b'.repeat(8_192)],
  [
    'one byte too many',
    json(longJson(MAX_PAYLOAD_BYTES + 1)),
    'more than 262144 bytes',
    `22${'78'.repeat(8_191)}`,
  ],
])('%s is marked', (_, payload, why, bytes) => {
  const value = read(payload) as Undecodable;
  expect(value).toBeInstanceOf(Undecodable);
  expect(value.undecodable).toContain(why);
  expect(value.undecodable.length).toBeLessThanOrEqual(200);
  expect(value.bytes).toBe(bytes);
});

test.each([
  ['64 levels', nestedJson(64)],
  ['as many bytes as may be', longJson(MAX_PAYLOAD_BYTES)],
])('%s are read', (_, text) => {
  expect(read(json(text))).toEqual(JSON.parse(text));
});
