import { escapeLiteral } from 'pg';
import {
  entryOf,
  publishedTypesOf,
  roleOf,
  subscriptionsOf,
  type Choreography,
  type Subscription,
} from '../choreography.js';
import type { AnyEvent, SagaId } from '../event.js';
import type { SweepSettings, SweepStore, Taken } from '../sweep/sweep-store.js';
import { keyColumn } from './journal.js';
import type { Connection, Pool } from './pool.js';
import { withTransaction } from './transaction.js';

/** Where a service keeps what its sweep looks at; tables are named with their schemas. */
export interface SweptTables {
  readonly service: string;
  /** The table of what was applied: `courier.inbox`. */
  readonly inbox: string;
  /** The table whose column `due_at` says when the wait that a row is in ends; none for a service that never waits. */
  readonly due?: string;
  /** Which rows of that table wait for an operator, as a condition. */
  readonly parked?: string;
}

export interface PostgresSweep {
  /** Logs in as the service's role. */
  readonly pool: Pool;
  readonly tables: SweptTables;
  readonly settings: Omit<SweepSettings, 'intervalMs'>;
}

/** A service's unfinished work in PostgreSQL. Workers may sweep side by side: one at a time takes, each saga is taken once. */
export function postgresSweepStore(
  choreography: Choreography,
  { pool, tables, settings }: PostgresSweep,
): SweepStore {
  const scope = scopeOf(choreography, tables, settings);
  return {
    take: () => withTransaction(pool, (db) => take(db, scope)),
    woken: (sagaIds) => countWoken(pool, scope, sagaIds),
    parkedAfter: (sagaId) => parkedAfter(pool, scope, sagaId),
  };
}

interface Scope extends Omit<SweepSettings, 'intervalMs'> {
  readonly service: string;
  readonly tables: SweptTables;
  /** The column that names the saga. */
  readonly key: string;
  /** Queries for what is unfinished, each with a column `saga_id`; a condition can be appended. */
  readonly undelivered: string;
  readonly due: string;
  readonly unhandled: string;
}

function scopeOf(
  choreography: Choreography,
  tables: SweptTables,
  settings: Omit<SweepSettings, 'intervalMs'>,
): Scope {
  const key = keyColumn(choreography);
  const { service } = tables;
  return {
    ...settings,
    service,
    tables,
    key,
    undelivered: undeliveredEvents(key, service, publishedTypesOf(choreography, service)),
    due: dueRows(key, tables.due),
    unhandled: unhandledEvents(choreography, key, tables),
  };
}

/** A type that only a newer release knows is left to that release. */
const undeliveredEvents = (key: string, service: string, types: readonly string[]): string => `
  select event.${key} as saga_id from journal.events event
  where event.delivered_at is null and event.published_by = ${escapeLiteral(roleOf(service))}
    and event.type = any (${textArray(types)})`;

const dueRows = (key: string, table: string | undefined): string =>
  table === undefined
    ? `select waiting.${key} as saga_id from (select null::uuid as ${key}, null::timestamptz as due_at) waiting where false`
    : `select waiting.${key} as saga_id from ${table} waiting where waiting.due_at < now()`;

/**
 * Delivered to this service, addressed to it by the catalogue, written by the publisher, and neither applied nor
 * refused. Where an older publisher has not delivered it to this service, that is the publisher's to make up for.
 */
function unhandledEvents(choreography: Choreography, key: string, { service, inbox }: SweptTables): string {
  const subscriptions = subscriptionsOf(choreography, service);
  const column = (read: (subscription: Subscription) => string | undefined) =>
    textArray(subscriptions.map(read));
  const publisherOf = (type: string | undefined) =>
    type === undefined ? undefined : roleOf(entryOf(choreography, type).publisher);
  return `
  select event.${key} as saga_id, event.type, event.payload, event.seq from journal.events event
  join unnest(${column(({ type }) => type)}, ${column(({ publisher }) => roleOf(publisher))},
      ${column(({ unlessCausedBy }) => unlessCausedBy)},
      ${column(({ unlessCausedBy }) => publisherOf(unlessCausedBy))})
    as subscribed (type, publisher, unless_type, unless_publisher)
    on subscribed.type = event.type and subscribed.publisher = event.published_by
  where ${escapeLiteral(service)} = any (event.delivered_to)
    and not exists (select from journal.events cause where cause.event_id = event.causation_id
      and cause.type = subscribed.unless_type and cause.published_by = subscribed.unless_publisher)
    and not exists (select from ${inbox} handled where handled.key = event.event_id::text)
    and not exists (select from journal.quarantine refused
      where refused.event_id = event.event_id and refused.service = ${escapeLiteral(service)})`;
}

const textArray = (values: readonly (string | undefined)[]): string =>
  `array[${values.map((value) => (value === undefined ? 'null' : escapeLiteral(value))).join(', ')}]::text[]`;

/** One short transaction; none is open while participants are signalled. */
async function take(db: Connection, scope: Scope): Promise<Taken> {
  const window = await enter(db, scope);
  if (!window) return { sagas: [], hasMore: false };
  await recordRest(db, scope);
  await recordUnfinished(db, scope, window);
  await moveMark(db, scope, window);
  await callForAttention(db, scope);
  const sagaIds = await claim(db, scope);
  const events = await unhandledOf(db, scope, sagaIds);
  return {
    sagas: sagaIds.map((sagaId) => ({ sagaId, unhandled: events.get(sagaId) ?? [] })),
    hasMore: window.is_behind || sagaIds.length === scope.batch,
  };
}

/** The deliveries that this sweep checks. Times as text: a JavaScript date would cut off the microseconds. */
interface Window {
  readonly since: string;
  readonly until: string;
  readonly is_behind: boolean;
}

/** After a day without a sweep the deliveries of that day are not all checked in one statement. */
const LONGEST_WINDOW = `interval '10 min'`;

/** Durations are given in ms. */
const ms = (parameter: string): string => `${parameter}::float8 * interval '1 ms'`;

/** The gate: undefined while another worker of the service is in. The lock ends with the transaction. */
async function enter(db: Connection, { service, graceMs }: Scope): Promise<Window | undefined> {
  const { rows } = await db.query<Window>(
    `select swept_until::text as since,
       least(swept_until + ${LONGEST_WINDOW}, now() - ${ms('$2')}, now())::text as until,
       swept_until + ${LONGEST_WINDOW} < now() - ${ms('$2')} as is_behind
     from journal.sweeps where service = $1 for update skip locked`,
    [service, graceMs],
  );
  return rows[0];
}

/** Nothing is undelivered, due or unhandled any more, also not for less than the grace. */
async function recordRest(db: Connection, scope: Scope): Promise<void> {
  const { service, key, undelivered, due, unhandled } = scope;
  const none = (query: string, saga: string) => `not exists (${query} and ${saga} = known.${key})`;
  await db.query(
    `update journal.unfinished known set rested_at = now()
     where known.service = $1 and known.rested_at is null
       and ${none(undelivered, `event.${key}`)}
       and ${none(due, `waiting.${key}`)}
       and ${none(unhandled, `event.${key}`)}`,
    [service],
  );
}

/** What is unfinished for longer than the grace, and not on record or at rest since. */
async function recordUnfinished(db: Connection, scope: Scope, { since, until }: Window): Promise<void> {
  const { service, key, undelivered, due, unhandled, graceMs } = scope;
  await db.query(
    `insert into journal.unfinished (service, ${key}, why)
     select $1, found.saga_id, min(found.why) from (
       select 'UNDELIVERED' as why, saga_id from (${undelivered} and event.recorded_at < now() - ${ms('$2')}) undelivered
       union all
       select 'DUE', saga_id from (${due} and waiting.due_at < now() - ${ms('$2')}) due
       union all
       select 'UNHANDLED', saga_id from (${unhandled}
         and event.delivered_at > $3::timestamptz and event.delivered_at <= $4::timestamptz) unhandled
     ) found
     where not exists (select from journal.unfinished known
       where known.service = $1 and known.${key} = found.saga_id and known.rested_at is null)
     group by found.saga_id
     on conflict (service, ${key}) do update set why = excluded.why, found_at = now(), claimed_at = null, woken = 0,
       stuck_at = null, rested_at = null`,
    [service, graceMs, since, until],
  );
}

/** Everything delivered up to here is handled or on record, so a saga that stays unfinished holds nothing up. */
async function moveMark(db: Connection, { service }: Scope, { until }: Window): Promise<void> {
  await db.query(
    `update journal.sweeps set swept_until = $2::timestamptz where service = $1 and swept_until < $2::timestamptz`,
    [service, until],
  );
}

async function callForAttention(db: Connection, { service, stuckAfterMs }: Scope): Promise<void> {
  await db.query(
    `update journal.unfinished set stuck_at = now()
     where service = $1 and rested_at is null and stuck_at is null and found_at < now() - ${ms('$2')}`,
    [service, stuckAfterMs],
  );
}

/** Nobody else gets these until a pause is over, which grows with how often they were woken: graces times 1, 2, 4, 8, 16. */
async function claim(db: Connection, { service, key, graceMs, batch }: Scope): Promise<readonly SagaId[]> {
  const { rows } = await db.query<{ saga_id: SagaId }>(
    `update journal.unfinished claimed set claimed_at = now()
     from (select ${key} from journal.unfinished
           where service = $1 and rested_at is null
             and (claimed_at is null or claimed_at < now() - power(2, least(woken, 4)) * ${ms('$2')})
           order by claimed_at nulls first limit $3) open
     where claimed.service = $1 and claimed.${key} = open.${key}
     returning claimed.${key} as saga_id`,
    [service, graceMs, batch],
  );
  return rows.map(({ saga_id }) => saga_id);
}

/** Oldest first; those younger than the grace are on their way. */
async function unhandledOf(
  db: Connection,
  { key, unhandled, graceMs }: Scope,
  sagaIds: readonly SagaId[],
): Promise<ReadonlyMap<SagaId, readonly AnyEvent[]>> {
  const { rows } = await db.query<AnyEvent & { readonly saga_id: SagaId }>(
    `${unhandled} and event.${key} = any ($1::uuid[]) and event.delivered_at < now() - ${ms('$2')} order by event.seq`,
    [sagaIds, graceMs],
  );
  const events = new Map<SagaId, AnyEvent[]>();
  for (const { saga_id, type, payload } of rows)
    events.set(saga_id, [...(events.get(saga_id) ?? []), { type, payload }]);
  return events;
}

async function countWoken(pool: Pool, { service, key }: Scope, sagaIds: readonly SagaId[]): Promise<void> {
  await pool.query(
    `update journal.unfinished set woken = woken + 1 where service = $1 and ${key} = any ($2::uuid[])`,
    [service, sagaIds],
  );
}

async function parkedAfter(
  pool: Pool,
  { key, tables: { due, parked } }: Scope,
  sagaId: SagaId | undefined,
): Promise<readonly SagaId[]> {
  if (due === undefined || parked === undefined) return [];
  const { rows } = await pool.query<{ saga_id: SagaId }>(
    `select ${key} as saga_id from ${due} where ${parked} and ($1::uuid is null or ${key} > $1) order by ${key} limit 20`,
    [sagaId],
  );
  return rows.map(({ saga_id }) => saga_id);
}
