import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPatched, type Patch } from '../../core/simulation/build.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { scenarios } from './scenarios.js';
import { SweepWorld, type SweepStoreOf } from './sweep-world.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

const FILE = 'core/postgres/sweep.ts';
const patch = (find: string, replace: string): Patch => ({ file: FILE, find, replace });

/** What makes the SQL of the sweep wrong, which the simulation does not see, and a scenario that notices. */
const defects: Readonly<Record<string, readonly [caughtBy: string, ...patches: Patch[]]>> = {
  'no lock': [
    'while one worker is in, the others go away, and everything is taken once',
    patch('for update skip locked', ''),
    patch('claimed_at is null or claimed_at <', 'true or claimed_at <'),
  ],
  'others wait at the gate': [
    'a worker in the gate keeps the others out, without having them wait',
    patch('for update skip locked', 'for update'),
  ],
  'no pause between two takes': [
    'what was taken is left alone for one grace, then two, four, eight and sixteen',
    patch('claimed_at is null or claimed_at <', 'true or claimed_at <'),
  ],
  'no growing pause': [
    'what was taken is left alone for one grace, then two, four, eight and sixteen',
    patch('power(2, least(woken, 4))', '1'),
  ],
  'no grace for answers': [
    "an undelivered answer is its publisher's to look at, once the grace is over",
    patch(" and event.recorded_at < now() - ${ms('$2')}", ''),
  ],
  'no grace for deadlines': [
    'an order past its deadline',
    patch(" and waiting.due_at < now() - ${ms('$2')}", ''),
  ],
  'no look at the inbox': [
    'a delivered event is signalled again where it has left no trace, and nowhere else',
    patch('handled.key = event.event_id::text', 'false'),
  ],
  'no look at the quarantine': [
    "a refused event is the operators', and other content under its id is not that event",
    patch('refused.event_id = event.event_id and', 'false and'),
  ],
  'whatever its cause': [
    'an event is not for whom the catalogue leaves out because of its cause',
    patch('cause.type = subscribed.unless_type', 'false'),
  ],
  'to whomever it was delivered': [
    "a delivery that does not name the service is the publisher's to make up for",
    patch('where ${escapeLiteral(service)} = any (event.delivered_to)', 'where true'),
  ],
  'whoever wrote it': [
    "what a role wrote that is not the publisher is nobody's",
    patch('and subscribed.publisher = event.published_by', ''),
  ],
  'the mark moves past the grace': [
    'the mark moves on, past what is merely on record, and no further than the grace',
    patch("least(swept_until + ${LONGEST_WINDOW}, now() - ${ms('$2')}, now())", 'now()'),
  ],
  'the mark stays': [
    'the mark moves on, past what is merely on record, and no further than the grace',
    patch('set swept_until = $2::timestamptz', 'set swept_until = swept_until'),
  ],
  'it does not say that it is behind': [
    'a service that was away checks its past piece by piece, and says that there is more',
    patch('window.is_behind ||', ''),
  ],
  'nothing comes to rest': [
    'a saga at rest is left alone, and found again when it is unfinished again',
    patch('set rested_at = now()', 'set rested_at = null'),
  ],
  'what was at rest once stays so': [
    'a saga at rest is left alone, and found again when it is unfinished again',
    patch('stuck_at = null, rested_at = null`', 'stuck_at = null`'),
  ],
  'an undelivered answer counts as rest': [
    'nothing comes to rest while any of its reasons holds',
    patch('and ${none(undelivered, `event.${key}`)}', ''),
  ],
  'a row past its deadline counts as rest': [
    'nothing comes to rest while any of its reasons holds',
    patch('and ${none(due, `waiting.${key}`)}', ''),
  ],
  'what is at rest needs a person': [
    'a saga at rest is left alone, and found again when it is unfinished again',
    patch('and rested_at is null and stuck_at is null and found_at', 'and stuck_at is null and found_at'),
  ],
  'what is unfinished again waits as long as before': [
    'a saga at rest is left alone, and found again when it is unfinished again',
    patch('claimed_at = null, woken = 0,', 'claimed_at = null,'),
  ],
  'what was taken in vain comes first': [
    'what was never taken comes before what was taken in vain',
    patch('nulls first limit', 'nulls last limit'),
  ],
  "another service's record hides one's own work": [
    'what one service has on record is no excuse for another',
    patch('where known.service = $1 and known.${key} = found.saga_id', 'where known.${key} = found.saga_id'),
  ],
  'the newest event comes first': [
    'several events of a saga come oldest first, and those that are under way do not come',
    patch('order by event.seq`', 'order by event.seq desc`'),
  ],
  'nobody is called': [
    'what does not come to rest within the further grace needs a person, until it does',
    patch('set stuck_at = now()', 'set stuck_at = null'),
  ],
  'somebody is called at once': [
    'what does not come to rest within the further grace needs a person, until it does',
    patch(" and found_at < now() - ${ms('$2')}", ''),
  ],
};

test.each(Object.entries(defects))('noticed: %s', async (_, [caughtBy, ...patches]) => {
  const built = await buildPatched(FILE, patches);
  try {
    const { postgresSweepStore } = (await import(pathToFileURL(built.file).href)) as {
      postgresSweepStore: SweepStoreOf;
    };
    const world = new SweepWorld(db, postgresSweepStore);
    await world.forgetAll();
    await expect(scenarios[caughtBy]?.(world)).rejects.toThrow();
  } finally {
    await built.remove();
  }
});
