import { findEvent } from '../../db/journal/journal-tables.js';
import type { QuarantinedBody, QuarantineView } from '../../db/operator/quarantine-view.js';
import type { Pool } from '../../db/pool.js';
import { isEventType } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { EventId } from '../../schemas/ids.js';
import { inspectEvent, refuse, type Inspection, type JournaledEvent } from '../../schemas/inspection.js';

export type QuarantinedSignal = QuarantineView & QuarantinedBody;

/** Asks again, with today's schemas, journal and catalogue, whether a signal in quarantine is a genuine event. */
export async function inspectAgain(pool: Pool, signal: QuarantinedSignal): Promise<Inspection> {
  const { signalName: type, service, orderId } = signal;
  if (signal.reason === 'UNDECODABLE') return refuse('UNDECODABLE', 'its bytes cannot be read');
  if (!isEventType(type)) return refuse('UNKNOWN_EVENT', 'the catalogue has no event of this name');
  const read = await readPayload(pool, signal);
  if (read.refusal) return read;
  const { payload } = read;
  const findJournaled = (eventId: EventId) => findEvent(pool, eventId);
  const inspection = await inspectEvent({ type, payload }, { service, orderId, findJournaled });
  // As it came: reduced to the fields known here, a newer version would not be what the journal holds.
  return inspection.refusal ? inspection : { event: { type, payload } as SagaEvent };
}

/** What the journal holds under the id that the signal gives, genuine or not; undefined where that is nothing. */
export async function findClaimed(
  pool: Pool,
  { body }: QuarantinedBody,
): Promise<JournaledEvent | undefined> {
  const [, eventId] = EVENT_ID.exec(body) ?? [];
  return eventId === undefined ? undefined : findEvent(pool, eventId as EventId);
}

/** Bodies are kept as JSON, so one that is none was too long and is kept in part. */
export const isCut = ({ body }: QuarantinedBody): boolean => parse(body) === undefined;

const EVENT_ID = /"eventId":"([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})"/i;

type Read = ReturnType<typeof refuse> | { readonly refusal?: undefined; readonly payload: unknown };

/** Of a body that was cut, the journal's own event stands in for what is lost. */
async function readPayload(pool: Pool, signal: QuarantinedSignal): Promise<Read> {
  if (isCut(signal)) {
    const claimed = await findClaimed(pool, signal);
    if (claimed) return { payload: claimed.event.payload };
    return refuse('UNDECODABLE', 'its body was too long to be kept, and the journal has no event of its id');
  }
  const body = parse(signal.body);
  if (signal.reason !== 'UNKNOWN_EVENT' && signal.reason !== 'NOT_ONE_PAYLOAD') return { payload: body };
  // The inbox, which refuses by shape, keeps all arguments of the signal.
  const [payload, ...more] = Array.isArray(body) ? (body as readonly unknown[]) : [];
  if (typeof payload === 'object' && payload !== null && more.length === 0) return { payload };
  return refuse('NOT_ONE_PAYLOAD', 'an event is signalled with one object');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
