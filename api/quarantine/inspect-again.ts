import { contract } from '../../schemas/registry.js';
import { findEvent } from '../../core/postgres/journal.js';
import type { QuarantinedBody, QuarantineView } from '../../db/operator/quarantine-view.js';
import type { Pool } from '../../core/postgres/pool.js';
import { catalogue, isEventType } from '../../schemas/catalogue.js';
import { roleOf } from '../../core/choreography.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { EventId } from '../../core/event.js';
import {
  inspectEvent,
  refuse,
  type Inspection,
  type JournaledEvent,
} from '../../core/activity/inspection.js';

export type QuarantinedSignal = QuarantineView & QuarantinedBody;

/** Checks a quarantined signal against today's schemas, journal and catalogue. */
export async function inspectAgain(pool: Pool, signal: QuarantinedSignal): Promise<Inspection> {
  const { signalName: type, service, orderId } = signal;
  if (signal.reason === 'UNDECODABLE') return refuse('UNDECODABLE', 'its bytes cannot be decoded');
  if (!isEventType(type)) return refuse('UNKNOWN_EVENT', 'the catalogue has no event of this name');
  const read = await readPayload(pool, signal);
  if (read.refusal) return read;
  const { payload } = read;
  const inspection = await inspectEvent(
    contract,
    { type, payload },
    {
      service,
      sagaId: orderId,
      findJournaled: (eventId, publisher) => findEvent(pool, eventId, publisher),
    },
  );
  // As received: a newer version, reduced to the fields known here, would differ from the journal.
  return inspection.refusal ? inspection : { event: { type, payload } as SagaEvent };
}

/** The journal's event under the id that the body claims: its publisher's, or else somebody's. */
export async function findClaimed(
  pool: Pool,
  { body, signalName }: QuarantinedSignal,
): Promise<JournaledEvent | undefined> {
  const [, eventId] = EVENT_ID.exec(body) ?? [];
  if (eventId === undefined) return undefined;
  const publisher = isEventType(signalName) ? roleOf(catalogue[signalName].publisher) : undefined;
  return findEvent(pool, eventId as EventId, publisher);
}

/** Bodies are stored as JSON; one that does not parse was too long and lost its end. */
export const isCut = ({ body }: QuarantinedBody): boolean => parse(body) === undefined;

const EVENT_ID = /"eventId":"([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})"/i;

type Read = ReturnType<typeof refuse> | { readonly refusal?: undefined; readonly payload: unknown };

/** For a cut body, the journal's own event replaces it. */
async function readPayload(pool: Pool, signal: QuarantinedSignal): Promise<Read> {
  if (isCut(signal)) {
    const claimed = await findClaimed(pool, signal);
    if (claimed) return { payload: claimed.event.payload };
    return refuse(
      'UNDECODABLE',
      'its body was too long to be stored in full, and the journal has no event of its id',
    );
  }
  const body = parse(signal.body);
  if (signal.reason !== 'UNKNOWN_EVENT' && signal.reason !== 'NOT_ONE_PAYLOAD') return { payload: body };
  // The inbox refuses by shape, and stores all arguments of the signal.
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
