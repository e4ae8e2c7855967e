import { EventEmitter } from 'node:events';
import { ServiceError } from '@temporalio/client';
import type { Request, Response } from 'express';
import { describe, expect, test } from 'vitest';
import { abortOnClose } from '../../api/http/abort-on-close.js';
import { preferredWait } from '../../api/http/prefer.js';
import { isUnavailable } from '../../api/http/unavailable.js';

describe('Prefer: wait', () => {
  test.each([
    ['wait=5', 5],
    ['wait=0', 0],
    ['WAIT = "7"', 7],
    ['respond-async, wait=10', 10],
    ['wait=31', 30],
    ['wait=999999999', 30],
    ['wait=-1', undefined],
    ['wait=soon', undefined],
    ['await=5', undefined],
    ['wait=5; reason="a, b", handling=lenient', 5],
    ['handling=lenient; wait=5', undefined],
    ['note="later, wait=5"', undefined],
    ['wait=soon, wait=5', undefined],
    ['wait=1, wait=5', 1],
    ['wait', undefined],
    [undefined, undefined],
  ])('%j is %j', (header, seconds) => {
    expect(preferredWait({ get: () => header } as unknown as Request)).toBe(seconds);
  });
});

test.each(['the client leaves', 'the API stops'])('a wait is aborted when %s', (what) => {
  const response = new EventEmitter();
  const stopping = new AbortController();
  const signal = abortOnClose(response as unknown as Response, stopping.signal);
  expect(signal.aborted).toBe(false);
  if (what === 'the client leaves') response.emit('close');
  else stopping.abort();
  expect(signal.aborted).toBe(true);
});

describe('what counts as away', () => {
  const withCode = (code: unknown, message = '') => Object.assign(new Error(message), { code });
  const fromTemporal = (code: number) =>
    new ServiceError('', { cause: Object.assign(withCode(code), { details: '', metadata: {} }) });

  test.each([
    withCode('ECONNREFUSED'),
    withCode('08006'),
    withCode('57P01'),
    withCode('57014'),
    withCode('53300'),
    new Error('Query read timeout'),
    new Error('timeout exceeded when trying to connect'),
    fromTemporal(14),
    fromTemporal(4),
  ])('%o is', (error) => expect(isUnavailable(error)).toBe(true));

  test.each([
    withCode('23505', 'duplicate key'),
    withCode('42P01', 'no such table'),
    new TypeError('a bug'),
    fromTemporal(3),
    fromTemporal(7),
    'timeout exceeded when trying to connect',
    undefined,
  ])('%o is not', (error) => expect(isUnavailable(error)).toBe(false));
});
