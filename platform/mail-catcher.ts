import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { hostAndPort } from './host-and-port.js';
import { appendPrivate, writePrivate } from './private-file.js';

/** A mail as it is listed. */
interface Mail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** When it was caught, as ISO 8601. */
  readonly at: string;
}

/** The value of the tag's header; empty for a mail without one. */
interface CaughtMail {
  readonly tag: string;
  readonly mail: Mail;
}

/** A header by whose value mails can be listed, and the query parameter that selects it. */
export interface MailTag {
  readonly header: string;
  readonly parameter: string;
}

export interface MailCatcherOptions {
  readonly smtpPort: number;
  readonly dataDir: string;
  readonly tag: MailTag;
  /** Both servers listen here; the loopback address by default. */
  readonly host?: string;
  /** The list's port; by default a free one. */
  readonly listPort?: number;
}

export interface MailCatcher {
  readonly smtpUrl: string;
  /**
   * `GET <listUrl>` lists what was caught, oldest first; `?<parameter>=<value>`, which may be repeated, only the mails
   * with such a tag. `DELETE <listUrl>?<parameter>=<value>` erases them for good, from the file too.
   */
  readonly listUrl: string;
  stop(): Promise<void>;
}

const MAX_MAILS = 10_000;

/**
 * A mail server that delivers nothing: it appends what it gets to a file, and lists the newest. From the file, older ones
 * go with the next start.
 */
export async function startMailCatcher(options: MailCatcherOptions): Promise<MailCatcher> {
  const { smtpPort, dataDir, tag, host = '127.0.0.1', listPort = 0 } = options;
  const file = path.join(dataDir, 'mails.jsonl');
  let caught = await readCaught(file, tag);
  await writeCaught(file, tag, caught);
  /** What is done to the file, one after the other. */
  let filing: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = filing.then(work);
    filing = done.catch(() => undefined);
    return done;
  };
  const eraseMails = (tags: readonly string[]) =>
    inTurn(async () => {
      const all = await readAll(file, tag);
      const kept = all.filter((one) => !tags.includes(one.tag));
      await writeCaught(file, tag, kept);
      caught = kept.slice(-MAX_MAILS);
      return all.length - kept.length;
    });
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: 1_000_000,
    onData: (stream, _, done) => {
      void catchMail(stream, tag)
        .then((one) =>
          inTurn(async () => {
            // The line break comes first, so that a line cut short by a crash spoils only itself.
            await appendPrivate(file, lineOf(one, tag));
            caught.push(one);
            if (caught.length > MAX_MAILS) caught.shift();
          }),
        )
        .then(() => done())
        .catch((error: unknown) => done(error as Error));
    },
  });
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(smtpPort, host, resolve);
  });
  // A client that misbehaves must not end the process.
  smtp.on('error', () => undefined);
  const http = createServer((request, response) => {
    const wanted = new URL(request.url ?? '/', 'http://localhost').searchParams.getAll(tag.parameter);
    const answer = (body: object) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (request.method === 'DELETE')
      return void eraseMails(wanted).then(
        (erased) => answer({ erased }),
        () => response.writeHead(500).end(),
      );
    const found = caught.filter((one) => wanted.length === 0 || wanted.includes(one.tag));
    answer({ mails: found.map(({ mail }) => mail) });
  });
  http.listen(listPort, host);
  await once(http, 'listening');
  const { port: usedListPort } = http.address() as AddressInfo;
  return {
    smtpUrl: `smtp://${hostAndPort(host, smtpPort)}`,
    listUrl: `http://${hostAndPort(host, usedListPort)}/`,
    stop: async () => {
      await Promise.all([new Promise<void>((resolve) => smtp.close(resolve)), close(http)]);
    },
  };
}

const readCaught = async (file: string, tag: MailTag): Promise<CaughtMail[]> =>
  (await readAll(file, tag)).slice(-MAX_MAILS);

async function readAll(file: string, tag: MailTag): Promise<CaughtMail[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => readLine(line, tag));
}

const writeCaught = (file: string, tag: MailTag, mails: readonly CaughtMail[]): Promise<void> =>
  writePrivate(file, mails.map((one) => lineOf(one, tag)).join(''));

const lineOf = ({ tag, mail }: CaughtMail, { parameter }: MailTag): string =>
  `\n${JSON.stringify({ [parameter]: tag, ...mail })}`;

function readLine(line: string, { parameter }: MailTag): readonly CaughtMail[] {
  try {
    if (line === '') return [];
    const { [parameter]: tag = '', ...mail } = JSON.parse(line) as Record<string, string>;
    return [{ tag, mail: mail as unknown as Mail }];
  } catch {
    return [];
  }
}

async function catchMail(stream: SMTPServerDataStream, { header }: MailTag): Promise<CaughtMail> {
  const parsed = await simpleParser(stream);
  const tag = parsed.headers.get(header);
  const to = Array.isArray(parsed.to) ? parsed.to[0] : parsed.to;
  const mail = {
    messageId: parsed.messageId ?? '',
    to: to?.text ?? '',
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    at: new Date().toISOString(),
  };
  return { tag: typeof tag === 'string' ? tag : '', mail };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
