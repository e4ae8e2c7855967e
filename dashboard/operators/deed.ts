import { api } from '../api/api.js';

/** What an operator is asked to do: start another round of attempts, or deliver a refused signal, or dismiss it. */
export type Deed =
  | { readonly kind: 'retry'; readonly orderId: string }
  | { readonly kind: 'redrive' | 'dismiss'; readonly id: number };

export function carryOut(deed: Deed, operator: string): Promise<unknown> {
  switch (deed.kind) {
    case 'retry':
      return api.retryNotification(deed.orderId, operator);
    case 'redrive':
      return api.redrive(deed.id, operator);
    case 'dismiss':
      return api.dismiss(deed.id, operator);
  }
}
