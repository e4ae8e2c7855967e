import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ALL_ORDERS, FeedHub, type Subject } from '../../dashboard/feed/hub.js';
import type { FeedMessage } from '../../dashboard/feed/messages.js';
import { message, ORDER, placed, status } from '../dashboard/stories.js';
import { FakeEventSource } from './fake-event-source.js';

const OTHER = '00000000-0000-4000-8000-000000000002';

/** Answers to requests for the past of an order, oldest first. */
let asked: { readonly url: string; answer: (past: readonly FeedMessage[] | Error) => Promise<void> }[];
let hub: FeedHub;

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.opened.length = 0;
  asked = [];
  vi.stubGlobal('EventSource', FakeEventSource);
  vi.stubGlobal(
    'fetch',
    (url: string) =>
      new Promise<Response>((resolve, reject) => {
        const answer = async (past: readonly FeedMessage[] | Error) => {
          if (past instanceof Error) reject(past);
          else resolve(new Response(`retry: 1000\nid: 1\n\n${past.map(textOf).join('')}`));
          await vi.advanceTimersByTimeAsync(0);
        };
        asked.push({ url, answer });
      }),
  );
  hub = new FeedHub();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const textOf = ({ kind, data }: FeedMessage): string =>
  `id: 2\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;

function listen(subject: Subject) {
  const told: string[] = [];
  const stop = hub.listen(subject, {
    onStart: () => told.push('start'),
    onMessage: ({ kind, data }) => told.push(kind === 'status' ? data.status : `${kind} ${data.orderId}`),
    onConnection: (connection) => told.push(connection),
  });
  return { told, stop };
}

const say = ({ kind, data }: FeedMessage) => FakeEventSource.newest().say(kind, data);

test('all listeners share one stream, which closes with the last of them', () => {
  const [one, other] = [listen(ALL_ORDERS), listen(ALL_ORDERS)];
  FakeEventSource.newest().say('open');
  say(placed());
  const late = listen(ALL_ORDERS);
  say(status('PAYMENT_COMPLETED', 400));
  const first = ['connecting', 'start', 'live', `placed ${ORDER}`, 'PAYMENT_COMPLETED'];
  expect([one.told, other.told, late.told]).toEqual([first, first, ['live', 'start', 'PAYMENT_COMPLETED']]);
  expect(FakeEventSource.opened).toHaveLength(1);
  [one, other].forEach(({ stop }) => stop());
  expect(FakeEventSource.newest().readyState).not.toBe(FakeEventSource.CLOSED);
  late.stop();
  expect(FakeEventSource.newest().readyState).toBe(FakeEventSource.CLOSED);
});

test('one order: its past, then what happened while that was read, and nothing of others', async () => {
  const { told } = listen(ORDER);
  expect(asked).toEqual([]);
  FakeEventSource.newest().say('open');
  expect(asked.map(({ url }) => url)).toEqual([`/orders/${ORDER}/events?follow=false`]);
  say(status('INVENTORY_RESERVED', 600));
  say({ ...placed(), data: { ...placed().data, orderId: OTHER } } as FeedMessage);
  expect(told).toEqual(['connecting', 'start', 'live']);
  await asked[0]?.answer([placed(), status('PAYMENT_COMPLETED', 400)]);
  say(status('COMPLETED', 900));
  const story = [`placed ${ORDER}`, 'PAYMENT_COMPLETED', 'INVENTORY_RESERVED', 'COMPLETED'];
  expect(told.slice(3)).toEqual(story);
});

test('a past that cannot be read is asked for again', async () => {
  const { told } = listen(ORDER);
  FakeEventSource.newest().say('open');
  await asked[0]?.answer(new Error('away'));
  say(status('PAYMENT_COMPLETED', 400));
  await vi.advanceTimersByTimeAsync(1_500);
  await asked[1]?.answer([placed()]);
  expect(told.slice(3)).toEqual([`placed ${ORDER}`, 'PAYMENT_COMPLETED']);
});

test('a stream that starts over: the past is read again, and an earlier answer is ignored', async () => {
  const { told } = listen(ORDER);
  FakeEventSource.newest().say('open');
  FakeEventSource.newest().say('reset', {});
  await vi.advanceTimersByTimeAsync(0);
  FakeEventSource.newest().say('open');
  await asked[0]?.answer([status('PAYMENT_COMPLETED', 400)]);
  expect(told).not.toContain('PAYMENT_COMPLETED');
  await asked[1]?.answer([placed()]);
  expect(told.at(-1)).toBe(`placed ${ORDER}`);
});

test('who has left is told nothing more', async () => {
  const [all, one] = [listen(ALL_ORDERS), listen(ORDER)];
  FakeEventSource.newest().say('open');
  one.stop();
  await asked[0]?.answer([placed()]);
  say(message('attention', { code: 'STUCK', since: '2026-11-24T12:00:00.000Z', clearedAt: null }));
  expect(one.told).toEqual(['connecting', 'start', 'live']);
  expect(all.told.at(-1)).toBe(`attention ${ORDER}`);
});
