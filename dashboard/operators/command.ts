import { api } from '../api/api.js';

/** An operator command: retry a notification, or redeliver or dismiss a refused signal. */
export type OperatorCommand =
  | { readonly kind: 'retry'; readonly orderId: string }
  | { readonly kind: 'redrive' | 'dismiss'; readonly id: number };

export function execute(command: OperatorCommand, operator: string, key: string): Promise<unknown> {
  switch (command.kind) {
    case 'retry':
      return api.retryNotification(command.orderId, operator, key);
    case 'redrive':
      return api.redrive(command.id, operator);
    case 'dismiss':
      return api.dismiss(command.id, operator);
  }
}
