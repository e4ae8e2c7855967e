import { expect, test } from 'vitest';
import { isEffectResult } from '../../core/workflow/effect-result.js';

const row = { status: 'STORED' };
const undelivered = { eventId: '0f8fad5b-d9cb-569f-a165-70867728950e', type: 'ParcelStoredEvent' };

test.each([
  ['a row, and nothing to publish', { row, unpublished: [] }],
  ['a row, and events to publish', { row: { ...row, more: 1 }, unpublished: [undelivered, undelivered] }],
])('%s is the result of an effect', (_, result) => {
  expect(isEffectResult(result)).toBe(true);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', 'done'],
  ['no row', { unpublished: [] }],
  ['null for a row', { row: null, unpublished: [] }],
  ['a row without a status', { row: {}, unpublished: [] }],
  ['a status that is no text', { row: { status: 1 }, unpublished: [] }],
  ['no list', { row }],
  ['text for a list', { row, unpublished: 'none' }],
  ['an entry that is null', { row, unpublished: [undelivered, null] }],
  ['an entry without an id', { row, unpublished: [{ type: undelivered.type }] }],
  ['an id that is none', { row, unpublished: [{ ...undelivered, eventId: 'x' }] }],
  ['an entry without a type', { row, unpublished: [{ eventId: undelivered.eventId }] }],
  ['a type that is no text', { row, unpublished: [{ ...undelivered, type: 1 }] }],
])('%s is none', (_, result) => {
  expect(isEffectResult(result)).toBe(false);
});
