import type {
  AttentionEntry,
  Customer,
  Mail,
  Money,
  OperatorAction,
  Order,
  Page,
  Product,
  QuarantineDetail,
  QuarantineEntry,
  Stock,
  Wallet,
} from './documents.js';
import { asOperator } from './operator-header.js';
import { randomKey } from './random-key.js';
import { request, withQuery } from './request.js';

type Query = Readonly<Record<string, string | number | null | undefined>>;

export interface Placement {
  readonly customerId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Every request that the page makes for people's data; faults and monitoring points stand beside their views. */
export const api = {
  orders: (query: Query) => request<Page<'orders', Order>>(withQuery('/orders', query)),
  order: (orderId: string) => request<Order>(`/orders/${orderId}`),
  placeOrder: (order: Placement, key: string = randomKey()) =>
    request<Order>('/orders', { method: 'POST', body: order, headers: { 'Idempotency-Key': key } }),

  products: (query: Query) => request<Page<'products', Product>>(withQuery('/products', query)),
  customers: (query: Query) => request<Page<'customers', Customer>>(withQuery('/customers', query)),
  wallets: (query: Query) => request<Page<'wallets', Wallet>>(withQuery('/wallets', query)),
  stock: (query: Query) => request<Page<'stock', Stock>>(withQuery('/stock', query)),
  deposit: (customerId: string, amount: Money) =>
    request<Wallet>(`/wallets/${encodeURIComponent(customerId)}/deposits`, {
      method: 'POST',
      body: { amount },
      headers: newKey(),
    }),
  restock: (sku: string, quantity: number) =>
    request<Stock>(`/stock/${encodeURIComponent(sku)}/restocks`, {
      method: 'POST',
      body: { quantity },
      headers: newKey(),
    }),

  mails: (query: Query) => request<{ readonly mails: readonly Mail[] }>(withQuery('/mails', query)),

  attention: (query: Query) => request<Page<'attention', AttentionEntry>>(withQuery('/attention', query)),
  quarantine: (query: Query) => request<Page<'quarantine', QuarantineEntry>>(withQuery('/quarantine', query)),
  quarantineEntry: (id: number) => request<QuarantineDetail>(`/quarantine/${id}`),
  redrive: (id: number, operator: string) =>
    request(`/quarantine/${id}/redrive`, { method: 'POST', headers: asOperator(operator) }),
  dismiss: (id: number, operator: string) =>
    request(`/quarantine/${id}/dismissal`, { method: 'POST', headers: asOperator(operator) }),
  retryNotification: (orderId: string, operator: string) =>
    request(`/orders/${orderId}/notification-retries`, { method: 'POST', headers: asOperator(operator) }),
  operatorActions: (query: Query) =>
    request<Page<'operatorActions', OperatorAction>>(withQuery('/operator-actions', query)),
};

/** With a key, a request that the network repeats is done once. */
const newKey = () => ({ 'Idempotency-Key': randomKey() });
