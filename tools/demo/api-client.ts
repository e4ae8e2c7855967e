import { setTimeout as sleep } from 'node:timers/promises';
import type { SuccessResponseJSON } from 'openapi-typescript-helpers';
import type { components, operations } from '../../api/generated/openapi.js';

type Schemas = components['schemas'];
type Reply<Id extends keyof operations> = SuccessResponseJSON<operations[Id]>;

export type Order = Schemas['Order'];
export type Placement = operations['placeOrder']['requestBody']['content']['application/json'];

/** A response with another status than hoped for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type ApiClient = ReturnType<typeof createApiClient>;

/** Worth trying again: too many requests, or a part of the system is down. */
const retryable: ReadonlySet<number> = new Set([429, 503]);

/** Throws unless the API of this project responds at the address. */
export async function requireApi(baseUrl: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(new URL('/healthz', baseUrl), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  }).catch((error: unknown) => {
    throw new Error(`nothing answers at ${baseUrl}; start it with npm start`, { cause: error });
  });
  if (!/"status": ?"alive"/.test(await response.text()))
    throw new Error(`what answers at ${baseUrl} is not the API of this project; --api says where that is`);
}

/** One try, its body included. Rejects when the connection breaks, or is silent for `longest` ms. */
async function ask(url: URL, request: RequestInit, signal: AbortSignal, longest: number) {
  const response = await fetch(url, {
    ...request,
    signal: AbortSignal.any([signal, AbortSignal.timeout(longest)]),
  });
  const { ok, status, headers } = response;
  return { ok, status, retryAfter: headers.get('retry-after'), text: await response.text() };
}

/**
 * Uses nothing but the API, as any client does. Repeats a request while the API is unreachable or responds with 429 or
 * 503, and one that takes longer than `longestRequest` ms: its connection may be dead. Deposits, restocks and orders carry
 * an idempotency key, and the other writes are idempotent by themselves.
 */
export function createApiClient(baseUrl: string, signal: AbortSignal, longestRequest = 45_000) {
  let wasAway = false;
  async function call<Body>(method: string, path: string, body?: unknown, key?: string): Promise<Body> {
    const headers = {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    for (let triesLeft = 120; ; triesLeft--) {
      const reply = await ask(new URL(path, baseUrl), request, signal, longestRequest).catch(
        (error: unknown) => {
          if (signal.aborted || triesLeft === 0) throw error;
          wasAway = true;
          return undefined;
        },
      );
      if (reply?.ok) return JSON.parse(reply.text) as Body;
      if (reply && (!retryable.has(reply.status) || triesLeft === 0))
        throw new ApiError(reply.status, `${method} ${path}: ${reply.status} ${reply.text}`);
      await sleep(1_000 * Number(reply?.retryAfter ?? 0.5), undefined, { signal });
    }
  }
  return {
    /** Whether the API was unreachable at some point: the mail catcher may have been restarted along with it. */
    wasAway: () => wasAway,
    putCustomer: (id: string, name: string) => call('PUT', `/customers/${id}`, { name }),
    putProduct: (sku: string, name: string, price: Schemas['Money']) =>
      call('PUT', `/products/${sku}`, { name, price }),
    putContact: (id: string, email: string) => call('PUT', `/contacts/${id}`, { email }),
    deposit: (id: string, amount: Schemas['Money'], key: string) =>
      call('POST', `/wallets/${id}/deposits`, { amount }, key),
    restock: (sku: string, quantity: number, key: string) =>
      call('POST', `/stock/${sku}/restocks`, { quantity }, key),
    wallet: (id: string) => call<Reply<'showWallet'>>('GET', `/wallets/${id}`),
    stock: (sku: string) => call<Reply<'showStock'>>('GET', `/stock/${sku}`),
    place: (order: Placement, key: string) => call<Reply<'placeOrder'>>('POST', '/orders', order, key),
    order: (id: string) => call<Reply<'showOrder'>>('GET', `/orders/${id}`),
    mails: (orderId: string) => call<Reply<'listMails'>>('GET', `/mails?orderId=${orderId}`),
  };
}
