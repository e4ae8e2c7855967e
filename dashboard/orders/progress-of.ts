import type { OrderStatus } from '../../schemas/order-status.js';
import { services, type Service } from '../../schemas/services.js';
import type { OrderRow } from './order-row.js';

export type Step = 'idle' | 'current' | 'done' | 'failed' | 'undone';

/** What a status says about each service; a service that is missing is idle. */
const steps: Readonly<Record<OrderStatus, Partial<Record<Service, Step>>>> = {
  PENDING_PAYMENT: { order: 'done', payment: 'current' },
  PAYMENT_FAILED: { order: 'done', payment: 'failed' },
  PAYMENT_COMPLETED: { order: 'done', payment: 'done', inventory: 'current' },
  OUT_OF_STOCK: { order: 'done', payment: 'undone', inventory: 'failed' },
  INVENTORY_RESERVED: { order: 'done', payment: 'done', inventory: 'done', notification: 'current' },
  COMPLETED: Object.fromEntries(services.map((service) => [service, 'done'])),
};

/** How far a service is with an order, judging by the order's status. */
export function progressOf(
  service: Service,
  { status, attention }: Pick<OrderRow, 'status' | 'attention'>,
): Step {
  const step = steps[status][service] ?? 'idle';
  return service === 'notification' && step === 'current' && attention.some(isParked) ? 'failed' : step;
}

const isParked = ({ code, clearedAt }: OrderRow['attention'][number]): boolean =>
  code === 'NOTIFICATION_FAILED' && clearedAt === null;
