import { z } from 'zod';
import { quarantineStates, type QuarantineView } from '../../db/operator/quarantine-view.js';
import { quarantineReasons } from '../../core/activity/inspection.js';
import { services } from '../../schemas/services.js';
import { isoTime } from '../http/iso-time.js';
import * as shown from '../http/response-fields.js';

/** An entry of the quarantine as the API shows it. */
export const entryDocument = z
  .strictObject({
    id: z.int(),
    state: z.enum(quarantineStates),
    service: shown.openEnum(services).meta({ description: 'the participant that refused it' }),
    orderId: shown.uuid,
    workflowId: z.string(),
    runId: z.string(),
    signalName: z.string(),
    reason: shown.openEnum(quarantineReasons),
    detail: z.string(),
    seen: z.int().min(1),
    firstSeenAt: shown.time,
    lastSeenAt: shown.time,
    links: z.strictObject({ self: z.string(), redrive: z.string(), dismissal: z.string() }),
  })
  .meta({ id: 'QuarantineEntry' });

export const entryJson = (entry: QuarantineView) => ({
  id: entry.id,
  state: entry.state,
  service: entry.service,
  orderId: entry.orderId,
  workflowId: entry.workflowId,
  runId: entry.runId,
  signalName: entry.signalName,
  reason: entry.reason,
  detail: entry.detail,
  seen: entry.seen,
  firstSeenAt: isoTime(entry.firstSeenAt),
  lastSeenAt: isoTime(entry.lastSeenAt),
  links: linksOf(entry.id),
});

function linksOf(id: number) {
  const self = `/quarantine/${id}`;
  return { self, redrive: `${self}/redrive`, dismissal: `${self}/dismissal` };
}

/** The path of one entry. */
export const entryPath = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected the number of an entry')
    .meta({ examples: ['1'] })
    .transform(Number),
});

/** The response to an operator's command on an entry. */
export const commandDocument = <Outcome extends string>(outcome: Outcome) =>
  z.strictObject({
    id: z.int(),
    orderId: shown.uuid,
    service: shown.openEnum(services),
    operator: z.string(),
    outcome: z.literal(outcome),
  });
