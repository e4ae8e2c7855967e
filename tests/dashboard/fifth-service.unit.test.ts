import { afterAll, expect, test, vi } from 'vitest';
import { above, beside, branchesOf, geometryOf } from '../../dashboard/choreography/geometry.js';
import { explain, routeOf, stateOf, titleOf } from '../../dashboard/choreography/words.js';
import { switchIn, switchesOf } from '../../dashboard/faults/switches.js';
import { progressOf } from '../../dashboard/orders/progress-of.js';
import { inColourOf, lookOf } from '../../dashboard/parts/service-look.js';
import { isEvent } from '../../dashboard/story/causes.js';
import { lanesOf } from '../../dashboard/story/lanes.js';
import { marksOf } from '../../dashboard/story/marks.js';
import { hasStarted } from '../../dashboard/story/participants.js';
import { storyOf } from '../../dashboard/story/story.js';
import { en } from '../../dashboard/texts/en.js';
import { ko } from '../../dashboard/texts/ko.js';
import { serviceName } from '../../dashboard/texts/names.js';
import type { Service } from '../../schemas/services.js';
import { at, completedStory, delivered, idOf, message, published } from './stories.js';

// Files share their modules: what others have loaded knows of four services, and what is loaded here of five.
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.doUnmock('../../schemas/services.js');
  vi.resetModules();
});

vi.mock(import('../../schemas/services.js'), async (load) => {
  const original = await load();
  return {
    ...original,
    services: ['order', 'payment', 'inventory', 'shipping', 'notification'],
  } as unknown as typeof original;
});

const shipping = 'shipping' as Service;
const FIVE: readonly string[] = ['order', 'payment', 'inventory', 'shipping', 'notification'];
const BOOKED = '44444444-4444-5444-8444-444444444444';

/** Shipping books a shipment once the products are reserved, and tells Notification. */
const story = storyOf([
  ...completedStory,
  message('published', {
    eventId: BOOKED,
    type: 'ShipmentBookedEvent',
    version: 1,
    publisher: shipping,
    subscribers: ['notification'],
    causationId: idOf('reserved'),
    occurredAt: at(700),
    payload: { reason: 'CARRIER_IS_LATE' },
  }),
  message('dropped', { service: shipping, eventId: idOf('reserved'), why: 'REPEAT', seen: 1, at: at(720) }),
]);

function shipment() {
  const mark = marksOf(story)
    .filter(isEvent)
    .find(({ key }) => key === BOOKED);
  if (!mark) throw new Error('the story has no shipment');
  return mark;
}

test('it has a lane in its place among the others', () => {
  expect(lanesOf(story)).toEqual(FIVE);
  const { xOf } = geometryOf(576, lanesOf(story));
  expect(lanesOf(story).map(xOf)).toEqual([126, 226, 326, 426, 526]);
});

test('a service that only a newer release knows has a lane after the known ones', () => {
  const drone = 'drone' as Service;
  const newer = storyOf([
    message('published', { ...shipment().event, publisher: shipping, subscribers: [drone] }),
  ]);
  const lanes = lanesOf(newer);
  expect(lanes).toEqual([...FIVE, 'drone']);
  expect(branchesOf(shipmentIn(newer), geometryOf(676, lanes))).toEqual([
    { from: 426, to: 626, heads: [626] },
  ]);
  expect(lookOf(drone)).toEqual({ name: { en: 'Drone', ko: 'Drone' }, icon: 'service', colour: '--sky' });
});

const shipmentIn = (told: typeof story) => {
  const mark = marksOf(told).find(isEvent);
  if (!mark) throw new Error('the story has no event');
  return mark;
};

test('it has a name, an icon and a colour that no other service has', () => {
  expect(lookOf('shipping')).toEqual({
    name: { en: 'Shipping', ko: 'Shipping' },
    icon: 'service',
    colour: '--sky',
  });
  expect(inColourOf('shipping')).toEqual({ '--service': 'var(--sky)' });
  expect([serviceName('shipping', en), serviceName('payment', ko)]).toEqual(['Shipping', '결제']);
  expect(new Set(FIVE.map((service) => lookOf(service).colour)).size).toBe(5);
});

test('its event is an arrow to its subscriber, with a label that stays inside the diagram', () => {
  for (const width of [316, 860]) {
    const geometry = geometryOf(width, lanesOf(story));
    const [from, to] = [geometry.xOf(shipping), geometry.xOf('notification')];
    expect(branchesOf(shipment(), geometry)).toEqual([{ from, to, heads: [to] }]);
    expect(above(shipment(), geometry)).toEqual({ x: to - 12, 'text-anchor': 'end' });
    expect(beside(shipping, 15, geometry)).toEqual({ x: from - 15, 'text-anchor': 'end' });
    expect(beside('order', 15, geometry)['text-anchor']).toBe('start');
  }
});

test('its event is put into plain words in both languages', () => {
  expect(titleOf(shipment(), en)).toBe('Shipment booked');
  expect(routeOf(shipment(), en)).toBe('Shipping to Notification');
  expect(routeOf(shipment(), ko)).toBe('Shipping → 알림');
  expect(explain(shipment(), story, en)).toBeUndefined();
  expect(shipment().tone).toBe('forward');
  const alone = { ...shipment(), event: { ...shipment().event, subscribers: [] } };
  expect(routeOf(alone, en)).toBe('Shipping');
});

test('its state: not asked, asked, or its last event', () => {
  expect(stateOf(shipping, storyOf([]), en)).toBe('Not asked yet');
  const asked = storyOf([
    message('published', {
      ...eventIn(published('reserved', 600, 'paid')),
      subscribers: [shipping],
    }),
  ]);
  expect([stateOf(shipping, asked, en), stateOf(shipping, asked, ko)]).toEqual(['Asked', '요청받음']);
  expect(hasStarted(asked, shipping)).toBe(true);
  expect(stateOf(shipping, story, en)).toBe('Shipment booked');
  expect(stateOf('payment', story, en)).toBe('Confirmed');
  expect(stateOf(shipping, storyOf([...completedStory, delivered('told', 900)]), en)).toBe('Not needed');
});

const eventIn = (told: ReturnType<typeof published>) => {
  if (told.kind !== 'published') throw new Error('not an event');
  return told.data;
};

test('the progress of an order has a step for it, done when the order is', () => {
  const progress = (status: 'PENDING_PAYMENT' | 'OUT_OF_STOCK' | 'COMPLETED') =>
    (FIVE as Service[]).map((service) => progressOf(service, { status, attention: [] }));
  expect(progress('PENDING_PAYMENT')).toEqual(['done', 'current', 'idle', 'idle', 'idle']);
  expect(progress('OUT_OF_STOCK')).toEqual(['done', 'undone', 'failed', 'idle', 'idle']);
  expect(progress('COMPLETED')).toEqual(['done', 'done', 'done', 'done', 'done']);
});

test('its deliveries have switches, and a switch that the page does not know is sent back unchanged', () => {
  const deliveries = { duplicate: 0, delay: 0, reorder: 0, maxDelayMs: 0 };
  const about = { service: 'shipping', allowed: true, changedAt: null, changedBy: null };
  const plain = switchesOf({ ...about, deliveries });
  expect([switchIn(plain), plain]).toEqual([undefined, { deliveries }]);
  const own = { ship: 'NORMAL', deliveries };
  expect(switchesOf({ ...about, ...own })).toEqual(own);
});
