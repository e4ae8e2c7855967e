import { createServer, type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, test } from 'vitest';
import { createMailer, MailNotTaken, type Mail, type SendMail } from '../../activities/mail.js';
import { noFaults, type MailFaults } from '../../schemas/faults.js';
import type { EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Faults } from '../../workers/faults/faults.js';
import { failingMail } from '../../workers/faults/mail.js';

const mail: Mail = {
  to: 'alice@shop.example',
  subject: 'Your order',
  text: 'is on its way',
  orderId: 'order' as OrderId,
  causeId: 'cause' as EventId,
};

const mailerOf = (port: number) =>
  createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'shop@shop.example' });

const errorOf = (sent: Promise<void>): Promise<Record<string, unknown>> =>
  sent.then(
    () => expect.unreachable('the mail was sent'),
    (error: unknown) => error as Record<string, unknown>,
  );

const asRefusal = (error: unknown) => new MailNotTaken(error).isRefusal;

/** A mailer under these faults, at this attempt of the order; `sent` counts what reaches the mail server. */
function underFaults(mailFaults: MailFaults, attempt = 1) {
  let sent = 0;
  const settings = () => Promise.resolve({ ...noFaults.notification, mail: mailFaults });
  const faults = { settings, attempts: () => Promise.resolve(attempt) } as unknown as Faults;
  const accept: SendMail = () => Promise.resolve(void sent++);
  return { send: () => failingMail(accept, faults)(mail), sent: () => sent };
}

test('DOWN is what a port without a mail server is', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const real = await errorOf(mailerOf(port)(mail));
  const { send, sent } = underFaults({ mode: 'DOWN', refusals: 0 });
  const fault = await errorOf(send());
  expect(real).toMatchObject({ ...fault });
  expect([real, fault].map(asRefusal)).toEqual([true, true]);
  expect(sent()).toBe(0);
});

test('REFUSE is what a mail server that refuses is', async () => {
  const refusal = Object.assign(new Error('try again later (a fault on demand)'), { responseCode: 451 });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onMailFrom: (_, __, done) => done(refusal),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const real = await errorOf(mailerOf((server.server.address() as AddressInfo).port)(mail));
  await new Promise<void>((resolve) => server.close(resolve));
  const { send, sent } = underFaults({ mode: 'REFUSE', refusals: 1 });
  const fault = await errorOf(send());
  expect(real).toMatchObject({ ...fault });
  expect([real, fault].map(asRefusal)).toEqual([true, true]);
  expect(sent()).toBe(0);
});

test.each([
  ['NORMAL', 1, true],
  ['REFUSE', 1, false],
  ['REFUSE', 2, false],
  ['REFUSE', 3, true],
  ['DOWN', 3, false],
] as const)('%s with two refusals: is attempt %i sent? %s', async (mode, attempt, isSent) => {
  const { send, sent } = underFaults({ mode, refusals: 2 }, attempt);
  await send().catch(() => undefined);
  expect(sent()).toBe(isSent ? 1 : 0);
});
