import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SendMail } from '../../activities/mail.js';
import type { OrderId } from '../../schemas/ids.js';
import { workflowIdOf } from '../../core/choreography.js';
import { startDeafParticipants, until, type DeafParticipants } from '../decisions/deaf-participants.js';
import { createScene } from '../decisions/scene.js';
import { createGate } from '../support/gate.js';

// On the real server: to the time-skipping one, an activity that fails after its cancellation never ends.
let participants: DeafParticipants;
let sendMail: SendMail;
beforeAll(async () => {
  participants = await startDeafParticipants({ sendMail: (mail) => sendMail(mail) });
});
afterAll(() => participants.close());

/** What is left of a notification: its row, and whether each announcement is an uncertain one. */
const outcomeOf = async (orderId: OrderId) => {
  const { rows } = await participants.db.owner.query<object>(
    `select status, array(select (payload ->> 'uncertain')::boolean from journal.events e
       where e.order_id = n.order_id and type = 'OrderCompletedNotificationSentEvent') as uncertain
     from notification.notifications n where order_id = $1`,
    [orderId],
  );
  return rows[0];
};

const ends: readonly [string, SendMail, object][] = [
  ['accepted', () => Promise.resolve(), { status: 'SENT', uncertain: [false] }],
  [
    'refused',
    () => Promise.reject(Object.assign(new Error('mailbox unavailable'), { responseCode: 550 })),
    { status: 'REVOKED', uncertain: [] },
  ],
  [
    'unknown',
    () => Promise.reject(new Error('the connection broke after the message was sent')),
    { status: 'REVOKED', uncertain: [true] },
  ],
];

test.each(ends)(
  'a cancellation waits for the attempt in flight, which ends %s: no other one begins',
  async (_, end, outcome) => {
    const answer = createGate();
    let attempts = 0;
    sendMail = async (mail) => {
      attempts++;
      await answer.opened;
      return end(mail);
    };
    const scene = createScene(participants.db, Date.now());
    const { orderId } = scene;
    await participants.signal('notification', orderId, await scene.publish('InventoryReservedEvent'));
    await until(() => Promise.resolve(attempts === 1));
    await participants.signal('notification', orderId, await scene.publish('PaymentCancelledEvent'));
    await until(() => isStopped(orderId));
    expect(await outcomeOf(orderId)).toEqual({ status: 'SENDING', uncertain: [] });

    answer.open();
    await participants.closed('notification', orderId);
    expect(await outcomeOf(orderId)).toEqual(outcome);
    expect(attempts).toBe(1);
  },
);

/** Whether the participant has asked Temporal for no further attempt. */
async function isStopped(orderId: OrderId): Promise<boolean> {
  const handle = participants.client.workflow.getHandle(workflowIdOf('notification', orderId));
  const { events } = await handle.fetchHistory();
  return events?.some((event) => event.activityTaskCancelRequestedEventAttributes) ?? false;
}
