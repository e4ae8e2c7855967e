import type { Money, Placement, Reply } from './documents.js';
import { asOperator } from './operator-header.js';
import { request, withQuery } from './request.js';

type Query = Readonly<Record<string, string | number | null | undefined>>;

/** The page's requests, except for faults and monitoring points, which are next to their views. */
export const api = {
  orders: (query: Query) => request<Reply<'listOrders'>>(withQuery('/orders', query)),
  order: (orderId: string) => request<Reply<'showOrder'>>(`/orders/${orderId}`),
  placeOrder: (order: Placement, key: string) =>
    request<Reply<'placeOrder'>>('/orders', { method: 'POST', body: order, headers: once(key) }),

  products: (query: Query) => request<Reply<'listProducts'>>(withQuery('/products', query)),
  customers: (query: Query) => request<Reply<'listCustomers'>>(withQuery('/customers', query)),
  wallets: (query: Query) => request<Reply<'listWallets'>>(withQuery('/wallets', query)),
  stock: (query: Query) => request<Reply<'listStock'>>(withQuery('/stock', query)),
  deposit: (customerId: string, amount: Money, key: string) =>
    request<Reply<'deposit'>>(`/wallets/${encodeURIComponent(customerId)}/deposits`, {
      method: 'POST',
      body: { amount },
      headers: once(key),
    }),
  restock: (sku: string, quantity: number, key: string) =>
    request<Reply<'restock'>>(`/stock/${encodeURIComponent(sku)}/restocks`, {
      method: 'POST',
      body: { quantity },
      headers: once(key),
    }),

  mails: (query: Query) => request<Reply<'listMails'>>(withQuery('/mails', query)),

  attention: (query: Query) => request<Reply<'listAttention'>>(withQuery('/attention', query)),
  quarantine: (query: Query) => request<Reply<'listQuarantine'>>(withQuery('/quarantine', query)),
  quarantineEntry: (id: number) => request<Reply<'showQuarantineEntry'>>(`/quarantine/${id}`),
  redrive: (id: number, operator: string) =>
    request<Reply<'redrive'>>(`/quarantine/${id}/redrive`, {
      method: 'POST',
      headers: asOperator(operator),
    }),
  dismiss: (id: number, operator: string) =>
    request<Reply<'dismiss'>>(`/quarantine/${id}/dismissal`, {
      method: 'POST',
      headers: asOperator(operator),
    }),
  retryNotification: (orderId: string, operator: string, key: string) =>
    request<Reply<'retryNotification'>>(`/orders/${orderId}/notification-retries`, {
      method: 'POST',
      headers: { ...asOperator(operator), ...once(key) },
    }),
  operatorActions: (query: Query) =>
    request<Reply<'listOperatorActions'>>(withQuery('/operator-actions', query)),
};

/** However often the request comes, it counts once. */
const once = (key: string) => ({ 'Idempotency-Key': key });
