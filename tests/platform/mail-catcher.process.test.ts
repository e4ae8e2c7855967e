import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appendFile, readFile } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mailTag } from '../../bin/config.js';
import { startMailCatcher, type MailCatcher } from '../../platform/mail-catcher.js';
import { freePort } from '../../platform/ports.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const catchMails = (smtpPort: number) => startMailCatcher({ smtpPort, dataDir: folder, tag: mailTag });

const send = ({ smtpUrl }: MailCatcher, orderId: string) =>
  createTransport({ url: smtpUrl }).sendMail({
    from: 'shop@shop.example',
    to: 'alice@shop.example',
    subject: `Your order ${orderId}`,
    text: 'It is on its way.',
    messageId: `<${orderId}@shop.example>`,
    headers: { 'X-Order-Id': orderId },
  });

const list = async ({ listUrl }: MailCatcher, query = '') =>
  (await (await fetch(`${listUrl}${query}`)).json()) as {
    mails: readonly { messageId: string; to: string }[];
  };

test('what was sent is listed, oldest first, for one order or for all', async () => {
  const catcher = await catchMails(await freePort());
  await send(catcher, 'one');
  await send(catcher, 'two');
  const [all, one] = [await list(catcher), await list(catcher, '?orderId=two')];
  await catcher.stop();
  expect(all.mails.map(({ messageId }) => messageId)).toEqual(['<one@shop.example>', '<two@shop.example>']);
  expect(one.mails).toEqual([
    expect.objectContaining({
      messageId: '<two@shop.example>',
      to: 'alice@shop.example',
      text: 'It is on its way.\n',
    }),
  ]);
});

test('mails outlive a stop, and a line that was cut off by a crash does no harm', async () => {
  const first = await catchMails(await freePort());
  await send(first, 'before');
  await first.stop();
  await appendFile(path.join(folder, 'mails.jsonl'), '\n{"orderId":"torn');
  const second = await catchMails(await freePort());
  await send(second, 'after');
  await second.stop();
  const third = await catchMails(await freePort());
  const { mails } = await list(third);
  await third.stop();
  expect(mails.map(({ messageId }) => messageId)).toEqual(['<before@shop.example>', '<after@shop.example>']);
});

test('mails that are erased are gone from the list and from the file, and so is what cannot be read', async () => {
  const first = await catchMails(await freePort());
  for (const orderId of ['one', 'two', 'three']) await send(first, orderId);
  await appendFile(path.join(folder, 'mails.jsonl'), '\n{"orderId":"four","to":"alice@torn');
  const [erased] = await Promise.all([
    fetch(`${first.listUrl}?orderId=one&orderId=three&orderId=none`, { method: 'DELETE' }),
    send(first, 'five'),
  ]);
  expect(await erased.json()).toEqual({ erased: 2 });
  const left = ['<two@shop.example>', '<five@shop.example>'];
  expect((await list(first)).mails.map(({ messageId }) => messageId)).toEqual(left);
  await first.stop();
  expect(await readFile(path.join(folder, 'mails.jsonl'), 'utf8')).not.toMatch(/one|three|torn/);
  const second = await catchMails(await freePort());
  const { mails } = await list(second);
  await second.stop();
  expect(mails.map(({ messageId }) => messageId)).toEqual(left);
});

test('it listens where it is told, and a port that is taken is an error', async () => {
  const [smtpPort, listPort] = [await freePort(), await freePort()];
  const catcher = await startMailCatcher({
    smtpPort,
    dataDir: folder,
    tag: mailTag,
    host: '127.0.0.1',
    listPort,
  });
  expect(catcher).toMatchObject({
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    listUrl: `http://127.0.0.1:${listPort}/`,
  });
  await expect(catchMails(smtpPort)).rejects.toThrow('EADDRINUSE');
  await catcher.stop();
});
