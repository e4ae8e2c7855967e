import { once } from 'node:events';
import { appendFile, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

interface CaughtMail {
  readonly orderId: string;
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: string;
}

export interface MailCatcher {
  readonly smtpUrl: string;
  /** `GET <listUrl>?orderId=` lists what was caught, oldest first. */
  readonly listUrl: string;
  stop(): Promise<void>;
}

const MAX_MAILS = 10_000;

export interface MailCatcherAddress {
  readonly host: string;
  /** Of the list; a free one where it is 0. */
  readonly listPort: number;
}

/** A mail server that delivers nothing: it keeps what it gets in a file, and lists the newest. */
export async function startMailCatcher(
  port: number,
  dataDir: string,
  { host, listPort }: MailCatcherAddress = { host: '127.0.0.1', listPort: 0 },
): Promise<MailCatcher> {
  const file = path.join(dataDir, 'mails.jsonl');
  const mails = await readMails(file);
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: 1_000_000,
    onData: (stream, _, done) => {
      void catchMail(stream)
        .then(async (mail) => {
          // A line begins with its own break, so that one cut off by a crash spoils only itself.
          await appendFile(file, `\n${JSON.stringify(mail)}`);
          mails.push(mail);
          if (mails.length > MAX_MAILS) mails.shift();
          done();
        })
        .catch((error: unknown) => done(error as Error));
    },
  });
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(port, host, resolve);
  });
  // Clients that misbehave are no trouble of ours.
  smtp.on('error', () => undefined);
  const http = createServer((request, response) => {
    const orderId = new URL(request.url ?? '/', 'http://localhost').searchParams.get('orderId');
    const found = mails.filter((mail) => orderId === null || mail.orderId === orderId);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ mails: found.map(({ orderId: _, ...mail }) => mail) }));
  });
  http.listen(listPort, host);
  await once(http, 'listening');
  const { port: usedListPort } = http.address() as AddressInfo;
  return {
    smtpUrl: `smtp://${host}:${port}`,
    listUrl: `http://${host}:${usedListPort}/`,
    stop: async () => {
      await Promise.all([new Promise<void>((resolve) => smtp.close(resolve)), close(http)]);
    },
  };
}

async function readMails(file: string): Promise<CaughtMail[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  return lines.flatMap(readMail).slice(-MAX_MAILS);
}

function readMail(line: string): readonly CaughtMail[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as CaughtMail];
  } catch {
    return [];
  }
}

async function catchMail(stream: SMTPServerDataStream): Promise<CaughtMail> {
  const parsed = await simpleParser(stream);
  const orderId = parsed.headers.get('x-order-id');
  const to = Array.isArray(parsed.to) ? parsed.to[0] : parsed.to;
  return {
    orderId: typeof orderId === 'string' ? orderId : '',
    messageId: parsed.messageId ?? '',
    to: to?.text ?? '',
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    at: new Date().toISOString(),
  };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
