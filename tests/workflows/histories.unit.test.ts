import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { forEachService } from '../support/database.js';
import { productActivities } from '../support/product-activities.js';
import { standard } from '../support/saga-world.js';
import { services, type Service } from '../../schemas/services.js';
import {
  committedHistories,
  historiesFolder,
  localActivitiesIn,
  regularActivitiesIn,
  timersIn,
  type CommittedHistory,
} from './histories/committed.js';

// What later releases will be held to. Where one of these fails, tests/workflows/histories/scenes.ts needs a scene, and
// `npm run record-histories` writes its history.
const next = committedHistories().filter(({ name }) => name.startsWith('next/'));
const of = (service: Service) => next.filter((history) => history.service === service);
const has = (text: string) => (history: CommittedHistory) => JSON.stringify(history.json).includes(text);

const activities = productActivities({
  pools: forEachService(() => undefined as never),
  deliver: () => Promise.resolve(),
  sendMail: () => Promise.resolve(),
  settings: standard,
});
const pairs = services.flatMap((service) =>
  Object.keys(activities[service]).map((name) => [service, name] as const),
);

test.each(pairs)('%s: %s is in a history', (service, name) => {
  const ran = of(service).flatMap((history) => [
    ...localActivitiesIn(history),
    ...regularActivitiesIn(history),
  ]);
  expect(ran).toContain(name);
});

test.each(['publish', 'confirm'])(
  '%s is in a history as a regular activity, once its local tries are used up',
  (name) => {
    expect(next.flatMap(regularActivitiesIn)).toContain(name);
  },
);

const waits: Readonly<Partial<Record<Service, readonly string[]>>> = {
  order: ['waiting for the notification', 'waiting for the payment', 'waiting for the reservation'],
  payment: ['waiting for the reservation'],
};

test.each(services)('%s: every wait ends in time in one history, and too late in another', (service) => {
  const timers = of(service).flatMap(timersIn);
  const summaries = (ended: string) =>
    [...new Set(timers.filter((timer) => timer.ended === ended).map(({ summary }) => summary))].sort();
  expect(summaries('cancelled')).toEqual(waits[service] ?? []);
  expect(summaries('ran out')).toEqual(waits[service] ?? []);
});

test.each(['order', 'payment', 'notification'] as const)('%s continues as new', (service) => {
  expect(of(service).filter(has('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW'))).not.toEqual([]);
  expect(of(service).filter(has('"continuedExecutionRunId"'))).not.toEqual([]);
});

test.each([
  ['a run that is parked, and open', 'next/parked.notification.json', 'giveUp'],
  ['parked, retried, parked', 'next/parked-retried-parked.notification.json', 'retry'],
  ['an event that is late', 'next/told-then-refunded-2.order.json', 'markRefunded'],
])('there is %s', (_, name, effect) => {
  const [history, ...others] = next.filter((one) => one.name === name);
  expect(others).toEqual([]);
  expect(history && localActivitiesIn(history)).toContain(effect);
});

test.each([
  ['a retry by an operator', 'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED'],
  ['a stop of an attempt in flight', 'EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED'],
  ['a status shown in the list of workflows', 'EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'],
])('there is %s', (_, eventType) => {
  expect(next.filter(has(eventType))).not.toEqual([]);
});

test('there is a folder for `next` and for each release', () => {
  const folders = readdirSync(historiesFolder).filter((name) => !name.startsWith('.'));
  for (const folder of folders) expect(folder).toMatch(/^(next|\d+\.\d+\.\d+)$/);
  if (!packageJson.version.startsWith('0.')) expect(folders).toContain(packageJson.version);
});

test('no history names a folder of the machine that recorded it', () => {
  expect(next.filter(has('stackTrace')).map(({ name }) => name)).toEqual([]);
});

// Each further local activity or search attribute costs one event, each wait with a timeout two, each regular activity three.
test.each([
  ['order', 29],
  ['payment', 15],
  ['inventory', 8],
  ['notification', 14],
] as const)('a completed order costs %s %i events', (service, events) => {
  const completed = of(service).find(({ name }) => name.startsWith('next/completed.'));
  expect(completed?.json.events).toHaveLength(events);
});
