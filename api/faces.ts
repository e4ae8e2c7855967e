import type { ApiDependencies } from './dependencies.js';
import { faultsFace } from './faults.js';
import { healthFace } from './health.js';
import type { Face } from './http/face.js';
import { inventoryFace } from './inventory.js';
import { mailsFace } from './mails.js';
import { metricsFace } from './metrics.js';
import { notificationFace } from './notification.js';
import { operatorFace } from './operators.js';
import { orderFace } from './order.js';
import { paymentFace } from './payment.js';
import { problemListFace } from './problem-list.js';
import { referenceDataFace } from './reference-data.js';
import { statsFace } from './stats.js';

/** All that the API offers: the four services' faces and the operators', each on its own database role. */
export const facesOf = (deps: ApiDependencies): readonly Face[] => [
  orderFace(deps),
  referenceDataFace(deps.pools.order),
  paymentFace(deps.pools.payment),
  inventoryFace(deps.pools.inventory),
  notificationFace(deps.pools.notification),
  operatorFace(deps),
  faultsFace(deps),
  statsFace(deps.pools.observer),
  metricsFace(deps),
  mailsFace(deps.mailCatcherUrl),
  healthFace(deps),
  problemListFace,
];
