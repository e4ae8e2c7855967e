import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { subscribe } from '../../dashboard/feed/subscribe.js';
import { placed } from '../dashboard/stories.js';
import { FakeEventSource } from './fake-event-source.js';

const newest = () => FakeEventSource.newest();

let told: string[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeEventSource);
  FakeEventSource.opened.length = 0;
  told = [];
  stop = subscribe('/events', {
    onMessage: ({ kind }) => told.push(kind),
    onStart: () => told.push('start'),
    onConnection: (connection) => told.push(connection),
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a stream starts once it is open, and then delivers messages', () => {
  newest().say('open');
  newest().say('placed', placed().data);
  expect(told).toEqual(['connecting', 'start', 'live', 'placed']);
});

test('the browser repairs a broken connection, and the feed does not start over', () => {
  newest().say('open');
  newest().say('error');
  newest().say('open');
  expect(told).toEqual(['connecting', 'start', 'live', 'lost', 'live']);
  expect(FakeEventSource.opened).toHaveLength(1);
});

test('if the browser gives up, the feed opens a new stream a little later and starts over', () => {
  newest().close();
  newest().say('error');
  expect(FakeEventSource.opened).toHaveLength(1);
  vi.advanceTimersByTime(1_500);
  newest().say('open');
  expect(FakeEventSource.opened).toHaveLength(2);
  expect(told).toEqual(['connecting', 'lost', 'start', 'live']);
});

test('a reset starts over at once', () => {
  newest().say('open');
  newest().say('reset', {});
  vi.advanceTimersByTime(0);
  newest().say('open');
  expect(FakeEventSource.opened.map(({ readyState }) => readyState)).toEqual([2, 0]);
  expect(told).toEqual(['connecting', 'start', 'live', 'start', 'live']);
});

test('nothing is opened after the listener has left', () => {
  newest().close();
  newest().say('error');
  stop();
  vi.advanceTimersByTime(10_000);
  expect(FakeEventSource.opened).toHaveLength(1);
});
