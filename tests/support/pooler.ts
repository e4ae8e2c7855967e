import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';

/**
 * A pooler in transaction mode with PgBouncer's defaults: a session of the server is a client's only until its
 * transaction has ended, the one that was used last comes first, and start-up parameters that it does not know are
 * refused. It lets everybody in without a password.
 */
export class Pooler {
  readonly #server = createServer((client) => void this.#serve(client).catch(() => client.destroy()));
  readonly #urls: ReadonlyMap<string, string>;
  readonly #idle = new Map<string, Socket[]>();
  readonly #sessions: pg.Client[] = [];

  /** The URLs of the logins that it can open sessions for. */
  constructor(urls: readonly string[]) {
    this.#urls = new Map(urls.map((url) => [new URL(url).username, url]));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** The same login and database, through this pooler. */
  through(url: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return Object.assign(new URL(url), { port: String(port) }).href;
  }

  /** How many sessions of the server it has needed. */
  get sessions(): number {
    return this.#sessions.length;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await Promise.all(this.#sessions.map((session) => session.end()));
    await closed;
  }

  async #serve(client: Socket): Promise<void> {
    client.on('error', () => undefined);
    const parameters = readStartup((await next(client)) ?? Buffer.alloc(0));
    const unknown = Object.keys(parameters).find((name) => !KNOWN_PARAMETERS.has(name));
    if (unknown !== undefined) return void client.end(refusal(`unsupported startup parameter: ${unknown}`));
    client.write(WELCOME);
    await this.#passOn(client, parameters['user'] ?? '');
  }

  async #passOn(client: Socket, user: string): Promise<void> {
    for await (const request of requestsOf(client)) {
      const session = this.#idle.get(user)?.pop() ?? (await this.#open(user));
      await converse(client, request, session);
      if (!session.destroyed) this.#idle.set(user, [...(this.#idle.get(user) ?? []), session]);
    }
  }

  async #open(user: string): Promise<Socket> {
    const session = new pg.Client({ connectionString: this.#urls.get(user) });
    session.on('error', () => undefined);
    await session.connect();
    this.#sessions.push(session);
    const { stream } = (session as unknown as { readonly connection: { readonly stream: Socket } })
      .connection;
    return stream.removeAllListeners('data');
  }
}

const KNOWN_PARAMETERS = new Set(['user', 'database', 'application_name', 'client_encoding']);

/** One transaction: back and forth until the server says that it is idle. A client that goes takes the session along. */
function converse(client: Socket, first: Buffer, session: Socket): Promise<void> {
  return new Promise((resolve) => {
    let rest: Buffer = Buffer.alloc(0);
    const settle = () => {
      session.off('data', onAnswer);
      client.off('data', onRequest).off('close', onClose).pause();
      resolve();
    };
    const onAnswer = (chunk: Buffer) => {
      client.write(chunk);
      const read = split(Buffer.concat([rest, chunk]));
      rest = read.rest;
      if (read.messages.some((message) => message[0] === READY && message[5] === IDLE)) settle();
    };
    const onRequest = (chunk: Buffer) => void session.write(chunk);
    const onClose = () => {
      session.destroy();
      settle();
    };
    session.on('data', onAnswer).write(first);
    client.on('data', onRequest).on('close', onClose).resume();
  });
}

/** Each first request of a transaction. Ends with the connection, or when the client says goodbye. */
async function* requestsOf(client: Socket): AsyncGenerator<Buffer> {
  for (;;) {
    const request = await next(client);
    if (request === undefined || request[0] === TERMINATE) return void client.end();
    yield request;
  }
}

/** What the client says next; undefined once it has gone. */
function next(client: Socket): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const settle = (chunk?: Buffer) => {
      client.off('data', onData).off('close', onClose).pause();
      resolve(chunk);
    };
    const onData = (chunk: Buffer) => settle(chunk);
    const onClose = () => settle();
    if (client.destroyed) return void resolve(undefined);
    client.on('data', onData).on('close', onClose).resume();
  });
}

const READY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);

/** A message is its type, its length without the type, and its content. */
function split(bytes: Buffer): { readonly messages: readonly Buffer[]; readonly rest: Buffer } {
  const messages: Buffer[] = [];
  let at = 0;
  while (bytes.length >= at + 5 && bytes.length >= at + 1 + bytes.readInt32BE(at + 1)) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    messages.push(bytes.subarray(at, end));
    at = end;
  }
  return { messages, rest: bytes.subarray(at) };
}

/** After its length and the version of the protocol come names and values, each ended by a zero. */
function readStartup(message: Buffer): Readonly<Record<string, string>> {
  const texts = message.subarray(8).toString().split('\0');
  return Object.fromEntries(
    texts.flatMap((name, index) => (index % 2 === 0 && name !== '' ? [[name, texts[index + 1] ?? '']] : [])),
  );
}

function message(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const WELCOME = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('K', Buffer.alloc(8)),
  message('Z', Buffer.from('I')),
]);

const refusal = (text: string): Buffer => message('E', Buffer.from(`SFATAL\0C08P01\0M${text}\0\0`));
