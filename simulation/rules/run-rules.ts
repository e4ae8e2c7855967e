import type { RunWatch, Asked } from '../../core/simulation/instance.js';
import type { Call } from '../../core/simulation/instance.js';
import { isAddressedTo } from '../../core/choreography.js';
import type { AnyEvent } from '../../core/event.js';
import { choreography } from '../../schemas/catalogue.js';
import { NO_CHANGE, type Way } from '../../schemas/decision-tables/cell.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Service } from '../../schemas/services.js';
import { participants } from '../../workflows/participants.js';
import { simulatedServices, type SimulatedService } from '../services.js';
import { waysFor } from './inputs.js';
import type { OrderRecord } from './order-record.js';
import { rule } from './rule.js';
import type { SomeRow } from './step.js';

/** What a rule about a service's runs asks of the world. */
export interface RunSurroundings {
  readonly service: Service;
  readonly orderId: OrderId;
  readonly record: OrderRecord;
  readonly row: () => SomeRow | undefined;
  /** Whether so far everything has gone well, and one step followed the other. */
  readonly isTame: () => boolean;
  readonly report: (broken: readonly string[]) => void;
}

/** Judges what the runs of one service ask for, whatever the service. */
export function judgeRuns(world: RunSurroundings): RunWatch {
  const { service, record, report } = world;
  const { triedOnce }: SimulatedService = simulatedServices[service];
  const failed = new Map<string, string>();
  return {
    onAsked: (runId, asked, waiting, now) => {
      for (const what of asked) {
        if (what.kind === 'wait') report(waitRules(world, what, now));
        else {
          // A regular activity goes on with what a local one has tried, so it was decided before.
          report(callRules(world, what, what.kind === 'local' ? waiting : []));
          if (what.name === 'publish') continue;
          report(rule(failed.get(runId) !== what.name, `${service} tried ${what.name} again`));
          failed.delete(runId);
        }
      }
    },
    onEnded: (runId, { name }, attempt, ok) => {
      if (name !== triedOnce) return;
      report(rule(attempt === 1, `${service} had attempt ${attempt} of ${name}`));
      if (ok) return;
      record.failedTries.add(`${service} ${name}`);
      failed.set(runId, name);
    },
    onClosed: (_, { status, reason }) => {
      const row = world.row();
      const isSame = status === (row?.status ?? 'NOTHING') && reason === (row?.reason ?? null);
      report(
        rule(isSame || !world.isTame(), `${service} closed as ${status} ${reason}, and its row differs`),
      );
    },
  };
}

/** A timer ends when a row has said, and people see what it is for. */
function waitRules(
  { service, record }: RunSurroundings,
  { timer, details }: Extract<Asked, { kind: 'wait' }>,
  now: number,
): readonly string[] {
  if (!timer) return [];
  const until = now + timer.ms;
  return [
    ...rule(
      record.dues.get(service)?.has(until) === true,
      `${service} waits until a time that its row has never named`,
    ),
    ...rule(timer.summary !== '' && details === timer.summary, `${service} does not say what it waits for`),
  ];
}

/** R3: what waits in the mailbox comes before the clock, and a cancellation before the step that it cancels. */
function callRules(
  { service, row }: RunSurroundings,
  { name, args, tries }: Call,
  waiting: readonly string[],
): readonly string[] {
  const [, input] = args as readonly [unknown, { readonly type?: string; readonly wait?: string } | null];
  const type = input?.type;
  if (type === undefined) return [];
  const status = row()?.status ?? 'NOTHING';
  const isTimeout = type === 'TIMEOUT';
  const { begins } = participants[service] as { readonly begins: readonly string[] };
  const isStep = name !== 'inspect' && begins.includes(type) && status === 'NOTHING';
  const mattering = waiting.filter(
    (other) => isAddressedTo(choreography, other, service) && matters(service, status, other),
  );
  const cancelling = mattering.filter((other) => !begins.includes(other));
  return [
    ...rule(
      !isTimeout || mattering.length === 0,
      `${service} gave up while ${mattering.join(', ')} was in its mailbox`,
    ),
    ...rule(
      !isStep || cancelling.length === 0,
      `${service} began ${name} while ${cancelling.join(', ')} was in its mailbox`,
    ),
    ...rule(
      tries.summary?.includes((isTimeout ? input?.wait : type) ?? '?') === true,
      `${service} does not say what ${name} answers`,
    ),
  ];
}

const matters = (service: Service, status: string, type: AnyEvent['type']): boolean =>
  (waysFor(service, status, type) ?? []).some(hasEffect);

const hasEffect = ({ then, emits, records, raises }: Way<string>): boolean =>
  then !== NO_CHANGE || emits !== undefined || records !== undefined || raises !== undefined;
