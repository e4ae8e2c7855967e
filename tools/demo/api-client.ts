import { setTimeout as sleep } from 'node:timers/promises';

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export interface OrderDocument {
  readonly orderId: string;
  readonly status: string;
  readonly reason: string | null;
  readonly total: Money;
  readonly createdAt: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly history: readonly { readonly status: string; readonly at: string }[];
}

/** What an unexpected answer of the API becomes. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface CaughtMail {
  readonly messageId: string;
}

export type ApiClient = ReturnType<typeof createApiClient>;

/** What may be asked again: too many requests, or a part of the system away. */
const later: ReadonlySet<number> = new Set([429, 503]);

/** Throws at once where nothing answers, or something else than the API does. */
export async function requireApi(baseUrl: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(new URL('/healthz', baseUrl), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  }).catch((error: unknown) => {
    throw new Error(`nothing answers at ${baseUrl}; start it with npm start`, { cause: error });
  });
  if (!/"status": ?"alive"/.test(await answer.text()))
    throw new Error(`what answers at ${baseUrl} is not the API of this project; --api says where that is`);
}

/**
 * Talks to the API alone, as any visitor would. While it cannot be reached, or says 429 or 503, the same request is
 * sent again; every request that changes something carries an idempotency key, so nothing happens twice.
 */
export function createApiClient(baseUrl: string, signal: AbortSignal) {
  let wasAway = false;
  async function call<Answer>(method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
    const headers = {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const request = {
      method,
      headers,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    for (let triesLeft = 120; ; triesLeft--) {
      const response = await fetch(new URL(path, baseUrl), request).catch((error: unknown) => {
        if (signal.aborted || triesLeft === 0) throw error;
        wasAway = true;
        return undefined;
      });
      if (response?.ok) return (await response.json()) as Answer;
      if (response && (!later.has(response.status) || triesLeft === 0))
        throw new ApiError(response.status, `${method} ${path}: ${response.status} ${await response.text()}`);
      await sleep(1_000 * Number(response?.headers.get('retry-after') ?? 0.5), undefined, { signal });
    }
  }
  return {
    /** Whether a request found no API: the system, and with it the mail catcher, may have been restarted. */
    wasAway: () => wasAway,
    putCustomer: (id: string, name: string) => call('PUT', `/customers/${id}`, { name }),
    putProduct: (sku: string, name: string, price: Money) => call('PUT', `/products/${sku}`, { name, price }),
    putContact: (id: string, email: string) => call('PUT', `/contacts/${id}`, { email }),
    deposit: (id: string, amount: Money, key: string) =>
      call('POST', `/wallets/${id}/deposits`, { amount }, key),
    restock: (sku: string, quantity: number, key: string) =>
      call('POST', `/stock/${sku}/restocks`, { quantity }, key),
    wallet: (id: string) => call<{ balance: Money }>('GET', `/wallets/${id}`),
    stock: (sku: string) => call<{ available: number; reserved: number }>('GET', `/stock/${sku}`),
    place: (order: unknown, key: string) => call<OrderDocument>('POST', '/orders', order, key),
    order: (id: string) => call<OrderDocument>('GET', `/orders/${id}`),
    mails: (orderId: string) => call<{ mails: readonly CaughtMail[] }>('GET', `/mails?orderId=${orderId}`),
  };
}
