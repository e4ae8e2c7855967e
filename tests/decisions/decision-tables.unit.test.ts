import type { EpochMillis } from '../../core/event.js';
import { describe, expect, it, test } from 'vitest';
import { tooLate } from '../../core/activity/decision.js';
import { catalogue, eventTypes } from '../../schemas/catalogue.js';
import { type CatalogueEntry } from '../../core/choreography.js';
import { eventOf, waysOf, type Cell } from '../../schemas/decision-tables/cell.js';
import { decisionTables } from '../../schemas/decision-tables/decision-tables.js';
import { services } from '../../schemas/services.js';

/** Stored with the order, by no decision. */
const FIRST_EVENT = 'OrderCreatedEvent';

const rowsOf = (service: (typeof services)[number]) =>
  Object.values(decisionTables[service]) as Readonly<Record<string, Cell<string>>>[];

describe.each(services)('the table of %s', (service) => {
  it('has a column for every event that the catalogue addresses to it, and for no other', () => {
    const addressed = eventTypes.filter((type) =>
      (catalogue[type] as CatalogueEntry).subscribers.some((subscriber) => subscriber.service === service),
    );
    for (const row of rowsOf(service)) {
      const columns = Object.keys(row).map(eventOf);
      expect(new Set(columns.filter(Boolean))).toEqual(new Set(addressed));
    }
  });

  it('answers with all the events that it publishes, but for the one that begins the saga, and with no other', () => {
    const answers = rowsOf(service)
      .flatMap((row) => Object.values(row).flatMap(waysOf))
      .flatMap(({ emits }) => emits?.type ?? []);
    const published = eventTypes.filter((type) => catalogue[type].publisher === service);
    expect(new Set(answers)).toEqual(new Set(published.filter((type) => type !== FIRST_EVENT)));
  });

  it('tells the ways of a cell apart', () => {
    for (const cell of rowsOf(service).flatMap((row) => Object.values(row))) {
      const situations = waysOf(cell).map(({ when }) => when);
      expect(new Set(situations).size).toBe(situations.length);
    }
  });
});

/** R6, to the millisecond. */
test.each([
  ['5 s before the end of a long wait', 300_000, 295_000],
  ['a tenth of a short wait before its end', 10_000, 9_000],
])('a step may begin until %s', (_, answerBy, latest) => {
  const wait = { occurredAt: 0, answerBy };
  expect(tooLate(wait, latest as EpochMillis)).toBe(false);
  expect(tooLate(wait, (latest + 1) as EpochMillis)).toBe(true);
});
