import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createMailer, MailNotTaken } from '../../activities/mail.js';
import type { EventType } from '../../schemas/catalogue.js';
import type { OrderId } from '../../schemas/ids.js';
import { RETRY_NOTIFICATION } from '../../schemas/services.js';
import { createGate } from '../support/gate.js';
import { createWorld, type World } from '../support/saga-world.js';
import { published } from '../support/shop-sums.js';

/** What nodemailer throws when the mail server says no. */
const refusal = () => Promise.reject(Object.assign(new Error('mailbox unavailable'), { responseCode: 550 }));

let world: World;
let accept: World['sendMail'];
beforeAll(async () => {
  world = await createWorld();
  accept = world.sendMail;
});
afterAll(() => world.close());
beforeEach(() => {
  world.sendMail = accept;
  world.deliver = (next) => next;
  world.overrides.clear();
});

const notificationOf = async (orderId: OrderId) => {
  const { rows } = await world.db.owner.query<{ status: string; round: number }>(
    `select status, round from notification.notifications where order_id = $1`,
    [orderId],
  );
  return rows[0];
};

/** Lets time skip in small steps until the condition holds. */
async function skipUntil(condition: () => Promise<boolean>, steps = 60): Promise<void> {
  for (let step = 0; step < steps; step++) {
    if (await condition()) return;
    await world.env.sleep('10s');
  }
  throw new Error(`it did not come true: ${condition.toString()}`);
}

const isParked = (orderId: OrderId) => async () => (await notificationOf(orderId))?.status === 'FAILED';

const retry = (orderId: OrderId) =>
  world.handle('notification', orderId).executeUpdate(RETRY_NOTIFICATION, { args: [{ operator: 'Kim' }] });

test('four attempts, a minute apart, then parked; an operator retries, and the order completes', async () => {
  const attempts: number[] = [];
  world.sendMail = async () => {
    attempts.push(await world.env.currentTimeMs());
    return refusal();
  };
  const orderId = await world.place();
  await skipUntil(isParked(orderId));
  // To the nearest ten seconds: what a busy machine takes for each attempt is in between.
  const seconds = attempts.map((at) => Math.round((at - (attempts[0] ?? 0)) / 10_000) * 10);
  expect(seconds).toEqual([0, 60, 120, 180]);
  await skipUntil(async () => (await world.order(orderId)).attention.includes('NOTIFICATION_FAILED'));
  expect(await world.order(orderId)).toMatchObject({ status: 'INVENTORY_RESERVED', told: false });

  world.sendMail = accept;
  await retry(orderId);
  await world.finished('notification', orderId);
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', attention: [], told: true });
  const actions = await world.db.owner.query(
    `select operator, action from notification.operator_actions where order_id = $1`,
    [orderId],
  );
  expect(actions.rows).toEqual([{ operator: 'Kim', action: 'RETRY' }]);
});

test('the fourth attempt gets through: the customer was told then, not when the first one began', async () => {
  let attempts = 0;
  world.sendMail = (mail) => (++attempts < 4 ? refusal() : accept(mail));
  const orderId = await world.place();
  await world.finished('order', orderId);
  const { rows } = await world.db.owner.query<{ told: number; sent: number; completed: number }>(
    `select extract(epoch from o.told_at - reserved.occurred_at)::float8 as told,
       extract(epoch from n.sent_at - reserved.occurred_at)::float8 as sent,
       extract(epoch from completed.at - o.told_at)::float8 as completed
     from orders.orders o join notification.notifications n using (order_id)
       join journal.events reserved on reserved.order_id = o.order_id and reserved.type = 'InventoryReservedEvent'
       join orders.status_history completed on completed.order_id = o.order_id and completed.status = 'COMPLETED'
     where o.order_id = $1`,
    [orderId],
  );
  const [seconds] = rows;
  // To this server an attempt is scheduled as soon as the one before it has failed: here after two minutes.
  expect(seconds?.told).toBeGreaterThanOrEqual(120);
  expect(seconds?.sent).toBe(seconds?.told);
  expect(seconds?.completed).toBeGreaterThanOrEqual(0);
  expect(seconds?.completed).toBeLessThan(70);
});

test('a second round that fails parks again and publishes nothing new', async () => {
  world.sendMail = refusal;
  const orderId = await world.place();
  await skipUntil(isParked(orderId));
  const before = await published(world.db.owner, orderId);
  await retry(orderId);
  await skipUntil(async () => {
    const notification = await notificationOf(orderId);
    return notification?.status === 'FAILED' && notification.round === 2;
  });
  expect(await published(world.db.owner, orderId)).toEqual(before);
  world.sendMail = accept;
  await retry(orderId);
  await world.finished('order', orderId);
});

test('an Update is refused while the run is not parked', async () => {
  world.sendMail = refusal;
  const orderId = await world.place();
  await skipUntil(async () => (await notificationOf(orderId))?.status === 'SENDING');
  await expect(retry(orderId)).rejects.toMatchObject({ cause: { type: 'NOT_PARKED' } });
  world.sendMail = accept;
  await world.finished('order', orderId);
});

/**
 * Payment never hears of the reservation, so it refunds after 3 minutes; Notification hears of nothing before the
 * test says so.
 */
function holdBack(): (type: EventType) => Promise<void> {
  const held = new Map<EventType, () => Promise<void>>();
  world.deliver = (next) => (subscriber, event) => {
    if (subscriber === 'payment' && event.type === 'InventoryReservedEvent') return Promise.resolve();
    if (subscriber !== 'notification') return next(subscriber, event);
    held.set(event.type as EventType, () => next(subscriber, event));
    return Promise.resolve();
  };
  return async (type) => {
    await expect.poll(() => held.has(type), { timeout: 60_000 }).toBe(true);
    await held.get(type)?.();
  };
}

/** Until Temporal waits for the time of this attempt; the one before has ended. */
const untilNextAttemptIs = (number: number, orderId: OrderId) =>
  skipUntil(async () => {
    const { raw } = await world.handle('notification', orderId).describe();
    return raw.pendingActivities?.[0]?.attempt === number;
  });

test('a cancellation between two attempts stops them: nobody is told of what was refunded', async () => {
  const hear = holdBack();
  let attempts = 0;
  world.sendMail = () => {
    attempts++;
    return refusal();
  };
  const orderId = await world.place();
  await world.finished('payment', orderId);
  await hear('InventoryReservedEvent');
  await untilNextAttemptIs(3, orderId);
  await hear('PaymentCancelledEvent');
  await world.finished('notification', orderId);
  await world.finished('order', orderId);
  expect(attempts).toBe(2);
  expect(await notificationOf(orderId)).toMatchObject({ status: 'REVOKED' });
  expect(await world.order(orderId)).toMatchObject({ status: 'OUT_OF_STOCK', told: false, attention: [] });
  expect(await published(world.db.owner, orderId)).not.toContain('OrderCompletedNotificationSentEvent');
});

test('an old attempt got through unheard: the retry only announces it, and no second mail goes out', async () => {
  const [inFlight, answer] = [createGate(), createGate()];
  let old: Promise<unknown> | undefined;
  world.overrides.set('notification.send', (real) => async (...args) => {
    if (old) return real(...args);
    old = real(...args);
    await inFlight.opened;
    throw new Error('its worker was taken for dead');
  });
  let attempts = 0;
  world.sendMail = async (mail) => {
    if (++attempts > 1) return refusal();
    inFlight.open();
    await answer.opened;
    return accept(mail);
  };
  const orderId = await world.place();
  await skipUntil(isParked(orderId));
  await skipUntil(async () => (await world.order(orderId)).attention.includes('NOTIFICATION_FAILED'));

  answer.open();
  await old;
  expect(await notificationOf(orderId)).toMatchObject({ status: 'SENT', round: 1 });
  expect(await world.order(orderId)).toMatchObject({ status: 'INVENTORY_RESERVED', told: false });

  await retry(orderId);
  await world.finished('notification', orderId);
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', told: true, attention: [] });
  expect(await notificationOf(orderId)).toMatchObject({ status: 'SENT', round: 1 });
  expect((await published(world.db.owner, orderId)).slice(-2)).toEqual([
    'OrderCompletedNotificationFailedEvent',
    'OrderCompletedNotificationSentEvent',
  ]);
  expect(world.mails.filter((mail) => mail.orderId === orderId)).toHaveLength(1);
  expect(attempts).toBe(4);
});

test('a mail that may have gone out before the refund is never hidden (R9)', async () => {
  const hear = holdBack();
  world.sendMail = () => Promise.reject(new Error('the connection broke after the message was sent'));
  const orderId = await world.place();
  await world.finished('payment', orderId);
  await hear('InventoryReservedEvent');
  await untilNextAttemptIs(2, orderId);
  await hear('PaymentCancelledEvent');
  await world.finished('notification', orderId);
  await world.finished('order', orderId);
  await skipUntil(async () => (await world.order(orderId)).told);
  expect(await world.order(orderId)).toMatchObject({
    status: 'OUT_OF_STOCK',
    told: true,
    attention: ['CUSTOMER_TOLD_THEN_REFUNDED'],
  });
});

test("what the mail server says of the recipient is in no history and no worker's log", async () => {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _, done) =>
      done(Object.assign(new Error(`<${address}>: recipient unknown here`), { responseCode: 550 })),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const send = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'shop@shop.example' });
  const met: unknown[] = [];
  world.sendMail = (mail) =>
    send(mail).catch((error: unknown) => {
      met.push(error);
      throw error;
    });
  const orderId = await world.place();
  await skipUntil(isParked(orderId));
  await new Promise<void>((resolve) => server.close(resolve));

  // The worker logs the error of a failed attempt as it is.
  const logged = inspect(new MailNotTaken(met[0]), { depth: null, showHidden: true });
  const history = JSON.stringify(await world.history('notification', orderId));
  expect(inspect(met[0])).toContain('<alice@shop.example>: recipient unknown here');
  for (const text of [logged, history]) {
    expect(text).toContain('the mail server has not taken the mail: 550, EENVELOPE, RCPT TO');
    expect(text).not.toContain('alice@');
    expect(text).not.toContain('recipient unknown');
  }
  world.sendMail = accept;
  await retry(orderId);
  await world.finished('order', orderId);
});
