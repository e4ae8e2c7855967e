import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errorHandler } from '../../api/http/error-handler.js';
import { routerOf, type ResourceGroup } from '../../api/http/router.js';
import { operation, type AnyReply } from '../../api/http/operation.js';
import { requestLog } from '../../api/http/request-log.js';

const cup = z.strictObject({ name: z.string(), price: z.int().min(0) });

/** An operation that replies as told, right or wrong, as plain JavaScript could. */
const answering = (reply: AnyReply) => ({
  get: {
    ...operation({
      id: 'showCup',
      summary: 'Shows a cup',
      responses: {
        200: {
          description: 'The cup',
          body: cup,
          headers: z.object({ 'X-Colour': z.enum(['red', 'blue']) }),
        },
      },
      handle: () => ({
        status: 200,
        headers: { 'X-Colour': 'red' as const },
        body: { name: 'Cup', price: 1 },
      }),
    }),
    handle: () => reply,
  },
});

const red = { 'X-Colour': 'red' };
const group: ResourceGroup = {
  name: 'Cups',
  description: 'Cups.',
  resources: {
    '/right': answering({ status: 200, headers: red, body: { name: 'Cup', price: 1 } }),
    '/undeclared-field': answering({ status: 200, headers: red, body: { name: 'Cup', price: 1, secret: 7 } }),
    '/missing-field': answering({ status: 200, headers: red, body: { name: 'Cup' } }),
    '/wrong-value': answering({ status: 200, headers: red, body: { name: 'Cup', price: -1 } }),
    '/wrong-header': answering({
      status: 200,
      headers: { 'X-Colour': 'secret' },
      body: { name: 'Cup', price: 1 },
    }),
    '/undeclared-status': answering({ status: 204, headers: red, body: { name: 'Cup', price: 1 } }),
    '/stream': {
      get: operation({
        id: 'stream',
        summary: 'Streams, or does not',
        query: z.strictObject({ as: z.enum(['stream', 'json']).default('stream') }),
        responses: { 200: { description: 'A cup, or events about it', body: cup, stream: true } },
        handle: ({ query }) =>
          query.as === 'json'
            ? { status: 200, body: { name: 'Cup', price: 1 } }
            : { status: 200, stream: (response) => void response.end('data: 1\n\n') },
      }),
    },
    '/{size}/cups': {
      put: operation({
        id: 'putCup',
        summary: 'Takes a cup',
        path: z.object({ size: z.string().transform(Number) }),
        headers: z.object({ 'X-Colour': z.string().optional() }),
        body: cup,
        responses: {
          200: {
            description: 'What came',
            body: z.strictObject({ size: z.int(), colour: z.string().nullable(), price: z.int() }),
          },
        },
        handle: ({ path, headers, body }) => ({
          status: 200,
          body: { size: path.size, colour: headers['X-Colour'] ?? null, price: body.price },
        }),
      }),
    },
  },
};

const lines: string[] = [];
let server: Server;
let url: string;
beforeAll(async () => {
  const app = express();
  app.use(requestLog(pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })));
  app.use(routerOf(group), errorHandler);
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('an answer', () => {
  test('that keeps its promise is sent', async () => {
    const answer = await fetch(`${url}/right`);
    expect([answer.status, await answer.json(), answer.headers.get('x-colour')]).toEqual([
      200,
      { name: 'Cup', price: 1 },
      'red',
    ]);
  });

  test.each([
    ['undeclared-field', 'the reply of showCup breaks the schema of its body: : Unrecognized key: "secret"'],
    ['missing-field', 'the reply of showCup breaks the schema of its body: price: '],
    ['wrong-value', 'the reply of showCup breaks the schema of its body: price: '],
    ['wrong-header', 'the reply of showCup breaks the schema of its headers: X-Colour: '],
    ['undeclared-status', 'showCup replied with 204, which it does not declare'],
  ])('with an %s is our mistake: 500, told in the log and not to the client', async (path, message) => {
    const before = lines.length;
    const answer = await fetch(`${url}/${path}`);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json; charset=utf-8',
    ]);
    expect(JSON.parse(text)).toMatchObject({ type: '/problems/internal-error' });
    expect(text).not.toMatch(/secret|schema|showCup/);
    expect(answer.headers.get('x-colour')).toBeNull();
    const logged = lines.slice(before).map((line) => JSON.parse(line) as { level: number; err?: Error });
    expect(logged.find(({ err }) => err?.message.startsWith(message))).toMatchObject({ level: 50 });
  });

  test('can be a stream of events, of which HEAD tells the headers', async () => {
    const stream = await fetch(`${url}/stream`);
    expect([stream.headers.get('content-type'), await stream.text()]).toEqual([
      'text/event-stream; charset=utf-8',
      'data: 1\n\n',
    ]);
    const head = await fetch(`${url}/stream`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(await (await fetch(`${url}/stream?as=json`)).json()).toEqual({ name: 'Cup', price: 1 });
  });
});

describe('a request', () => {
  const put = (size: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/${size}/cups`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  test('comes to the handler as the schemas make it', async () => {
    const answer = await put('12', { name: 'Mug', price: 3 }, { 'x-colour': 'green' });
    expect(await answer.json()).toEqual({ size: 12, colour: 'green', price: 3 });
  });

  test('that breaks them does not', async () => {
    const answer = await put('12', { name: 'Mug', price: -3, more: 1 });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: '#/price' }, { pointer: '#/more' }] });
  });

  test('with a broken body is looked at only where a body is declared', async () => {
    const headers = { 'content-type': 'application/json' };
    const broken = await fetch(`${url}/1/cups`, { method: 'PUT', headers, body: '{' });
    const elsewhere = await fetch(`${url}/right`, { method: 'POST', headers, body: '{' });
    expect([broken.status, elsewhere.status]).toEqual([400, 405]);
  });
});
