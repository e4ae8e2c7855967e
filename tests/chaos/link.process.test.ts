import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Link } from '../../tools/chaos/link.js';
import { until } from '../e2e/running-system.js';

/** A connection through the link, seen from both ends. */
interface Conversation {
  readonly client: Socket;
  readonly heard: () => string;
}

let link: Link;
/** Answers each piece in upper case. */
const server = createServer((socket) => {
  accepted.push(socket);
  socket
    .on('error', () => undefined)
    .on('data', (piece: Buffer) => {
      received += piece.toString();
      socket.write(piece.toString().toUpperCase());
    });
});
const accepted: Socket[] = [];
const clients: Socket[] = [];
let received: string;

beforeEach(async () => {
  received = '';
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  link = new Link((server.address() as AddressInfo).port);
  await link.listen();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await link.close();
  const closed = once(server, 'close');
  server.close();
  for (const socket of accepted.splice(0)) socket.destroy();
  await closed;
});

async function talk(): Promise<Conversation> {
  const client = connect(link.port, '127.0.0.1');
  clients.push(client);
  let text = '';
  client.on('error', () => undefined).on('data', (piece: Buffer) => (text += piece.toString()));
  await once(client, 'connect');
  return { client, heard: () => text };
}

/** A conversation that has begun well. */
async function begun(): Promise<Conversation> {
  const conversation = await talk();
  conversation.client.write('a');
  await until(() => conversation.heard() === 'A', 10_000);
  return conversation;
}

test('a connection that is fine or slow answers, and ends when one side ends it', async () => {
  const { client, heard } = await begun();
  link.become('slow', 20);
  client.write('b');
  await until(() => heard() === 'AB', 10_000);
  client.end();
  await once(client, 'close');
});

test('a cut breaks the connection for both sides and refuses others, until it is mended', async () => {
  const { client } = await begun();
  link.become('cut');
  await until(() => client.destroyed && accepted.every((socket) => socket.destroyed), 10_000);
  const refused = connect(link.port, '127.0.0.1').on('error', () => undefined);
  await until(() => refused.destroyed, 10_000);
  link.become('fine');
  await begun();
});

test('through a partition nothing goes; afterwards all arrives in order', async () => {
  const { client, heard } = await begun();
  link.become('partition');
  client.write('b');
  const late = await talk();
  late.client.write('x');
  await until(() => link.heldBack === 2, 10_000);
  expect([received, heard(), late.heard()]).toEqual(['a', 'A', '']);
  client.write('c');
  link.become('fine');
  await until(() => heard() === 'ABC' && late.heard() === 'X', 10_000);
});

test('of a half-open connection only the server sees the end; the client is told once it is mended', async () => {
  const { client, heard } = await begun();
  link.become('half-open');
  await until(() => accepted.every((socket) => socket.destroyed), 10_000);
  client.write('b');
  await until(() => link.heldBack === 1, 10_000);
  expect([received, heard(), client.destroyed]).toEqual(['a', 'A', false]);
  link.become('fine');
  await until(() => client.destroyed, 10_000);
  await begun();
});

test('where answers are lost the request has arrived, and the connection is of no use afterwards', async () => {
  const { client, heard } = await begun();
  link.become('lost answers');
  client.write('b');
  await until(() => received === 'ab', 10_000);
  await until(() => link.heldBack === 1, 10_000);
  link.become('fine');
  await until(() => client.destroyed, 10_000);
  expect(heard()).toBe('A');
});
