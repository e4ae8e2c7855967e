import type { Attention, PlacedOrder } from '../../db/order/order-row.js';
import { isFinal } from '../../schemas/order-status.js';
import { NO_CHANGE } from '../../schemas/decision-tables/cell.js';
import { inputOf, waysFor } from './inputs.js';
import { rule } from './rule.js';
import { timeOf } from './situations.js';
import type { Step } from './step.js';
import { reasonIn } from './table-rules.js';

/** What the order's row shows to people, by value: history, reason, told, refunded, and who is called. */
export function orderRules(step: Step): readonly string[] {
  const { service, was, is } = step;
  if (service !== 'order' || is === was || is.status === 'NOTHING') return [];
  const order = is as PlacedOrder;
  return was.status === 'NOTHING'
    ? placementRules(step, order)
    : changeRules(step, was as PlacedOrder, order);
}

function placementRules(step: Step, order: PlacedOrder): readonly string[] {
  const { waits } = step;
  const at = timeOf(step);
  const [first, ...more] = order.history;
  return [
    ...rule(
      first.status === 'PENDING_PAYMENT' && first.at === at && first.eventId === null && more.length === 0,
      'the history does not begin with the placement',
    ),
    ...rule(order.sagaDue === at + waits.saga, 'the saga has another deadline than it should'),
    ...rule(
      order.paymentDue === at + Math.min(waits.payment, waits.saga),
      'the payment has another deadline than it should',
    ),
    ...rule(
      order.reason === null && order.toldAt === null && order.refundedAt === null,
      'an order begins with an end',
    ),
    ...rule(order.attention.length === 0, 'an order begins with a call for a person'),
  ];
}

function changeRules(step: Step, was: PlacedOrder, is: PlacedOrder): readonly string[] {
  return [
    ...historyRules(step, was, is),
    ...factRules(step, was, is),
    ...attentionRules(step, was, is),
    ...rule(
      was.paymentDue === is.paymentDue && was.sagaDue === is.sagaDue && was.waitCauseId === is.waitCauseId,
      'the order has changed what it waits for',
    ),
  ];
}

/** Each new state is one that the event proves, at the time of its effect, and names the event; a timer names none. */
function historyRules(step: Step, was: PlacedOrder, is: PlacedOrder): readonly string[] {
  const { event } = step;
  const at = timeOf(step);
  const added = is.history.slice(was.history.length);
  const ways = waysFor('order', was.status, inputOf(step) ?? '') ?? [];
  const isExpected = ways.some(({ then, through = [] }) => {
    const expected = then === NO_CHANGE ? [] : [...through, then];
    return expected.join() === added.map(({ status }) => status).join();
  });
  return [
    ...rule(
      isExpected,
      `the order went through ${added.map(({ status }) => status).join(', ') || 'nothing'}`,
    ),
    ...rule(
      was.history.every(
        (entry, i) => entry === is.history[i] || JSON.stringify(entry) === JSON.stringify(is.history[i]),
      ),
      'the status history was written anew',
    ),
    ...rule(is.history.at(-1)?.status === is.status, 'the status is not the last of its history'),
    ...rule(
      added.every((entry) => entry.at === at && entry.eventId === (event?.payload.eventId ?? null)),
      'the history names another time or event than that of its effect',
    ),
  ];
}

function factRules(step: Step, was: PlacedOrder, is: PlacedOrder): readonly string[] {
  const { event } = step;
  const hasFailed = isFinal(is.status) && is.status !== 'COMPLETED';
  const ways = waysFor('order', was.status, inputOf(step) ?? '') ?? [];
  const isRecorded = (fact: 'told' | 'refunded') => ways.some(({ records = [] }) => records.includes(fact));
  const reasons = ways.map(({ reason }) => (reason === 'its reason' ? reasonIn(event) : reason));
  const occurredAt = event?.payload.occurredAt ?? null;
  return [
    ...rule((is.reason !== null) === hasFailed, `the order is ${is.status}, and its reason ${is.reason}`),
    ...rule(
      is.status === was.status
        ? is.reason === was.reason
        : !hasFailed || reasons.includes(is.reason ?? undefined),
      `the order gives the reason ${is.reason}`,
    ),
    ...rule(
      is.toldAt === (was.toldAt ?? (isRecorded('told') ? occurredAt : null)),
      'the order says otherwise than the event when the customer was told',
    ),
    ...rule(
      is.refundedAt === (was.refundedAt ?? (isRecorded('refunded') ? occurredAt : null)),
      'the order says otherwise than the event when the money went back',
    ),
  ];
}

const TOLD_IN_VAIN = 'CUSTOMER_TOLD_THEN_REFUNDED';

/** Who is called is called until the order is final; where the customer was told in vain, for good (R9). */
function attentionRules(step: Step, was: PlacedOrder, is: PlacedOrder): readonly string[] {
  const at = timeOf(step);
  const ways = waysFor('order', was.status, inputOf(step) ?? '') ?? [];
  const isInVain = isFinal(is.status) && is.status !== 'COMPLETED' && is.toldAt !== null;
  const raised = ways.flatMap(({ raises }) => raises ?? []);
  const codes = (list: readonly Attention[]) => list.map(({ code }) => code);
  const added = is.attention.filter(({ code }) => !codes(was.attention).includes(code));
  const mustRaise = ways.every(({ raises }) => raises !== undefined) ? raised : [];
  return [
    ...rule(
      added.every(
        ({ code, since }) => since === at && (raised.includes(code) || (isInVain && code === TOLD_IN_VAIN)),
      ),
      `${codes(added).join()} was called for without reason`,
    ),
    ...rule(
      mustRaise.every((code) => codes(is.attention).includes(code)),
      `nobody is called, and ${mustRaise.join()} is the case`,
    ),
    ...rule(
      !isInVain || is.attention.some(({ code, clearedAt }) => code === TOLD_IN_VAIN && clearedAt === null),
      `${is.status}, told, and nobody is called`,
    ),
    ...rule(
      codes(was.attention).every((code) => codes(is.attention).includes(code)),
      'a call for a person is gone',
    ),
    ...is.attention.flatMap((entry) => clearingRules(entry, was, is, at)),
  ];
}

function clearingRules(
  { code, clearedAt }: Attention,
  was: PlacedOrder,
  is: PlacedOrder,
  at: number,
): readonly string[] {
  const before = was.attention.find((entry) => entry.code === code)?.clearedAt ?? null;
  const mustBeClear = isFinal(is.status) && code !== TOLD_IN_VAIN;
  const expected = before ?? (mustBeClear ? at : null);
  return rule(
    clearedAt === expected,
    `${code} is ${clearedAt === null ? 'open' : 'cleared'} while ${is.status}`,
  );
}
