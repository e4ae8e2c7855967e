import { identifierPattern, orderIdBeginningPattern } from '../../schemas/limits.js';
import type { Customer } from '../api/documents.js';

/** What somebody is looking for. */
export type Search =
  | { readonly kind: 'order'; readonly orderId: string }
  | { readonly kind: 'orders'; readonly id: string | null; readonly customerId: string | null };

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Reads what was typed: an order's id or its beginning, or a customer's id or name. A customer who is known comes first,
 * since a name may look like the beginning of an id. Undefined if it can be neither.
 */
export function readSearch(typed: string, customers: readonly Customer[]): Search | undefined {
  const text = typed.trim();
  if (text === '') return { kind: 'orders', id: null, customerId: null };
  const customer = findCustomer(text, customers);
  if (customer) return { kind: 'orders', id: null, customerId: customer.customerId };
  const id = text.toLowerCase();
  if (UUID.test(id)) return { kind: 'order', orderId: id };
  if (orderIdBeginningPattern.test(id)) return { kind: 'orders', id, customerId: null };
  return identifierPattern.test(text) ? { kind: 'orders', id: null, customerId: text } : undefined;
}

function findCustomer(text: string, customers: readonly Customer[]): Customer | undefined {
  const isCalled = (name: string) => name.toLocaleLowerCase() === text.toLocaleLowerCase();
  return (
    customers.find(({ customerId }) => customerId === text) ??
    customers.find(({ customerId, name }) => isCalled(customerId) || isCalled(name))
  );
}
