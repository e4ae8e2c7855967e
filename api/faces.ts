import type { ApiDependencies } from './dependencies.js';
import { feedFace } from './feed/face.js';
import { Feed } from './feed/feed.js';
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
export function facesOf(deps: ApiDependencies): readonly Face[] {
  const { pools, log, stopping, feed: settings } = deps;
  const feed = new Feed({ pool: pools.observer, log, stopping, settings });
  return [
    orderFace(deps, feed),
    feedFace(feed),
    referenceDataFace(pools.order),
    paymentFace(pools.payment),
    inventoryFace(pools.inventory),
    notificationFace(pools.notification),
    operatorFace(deps),
    faultsFace(deps),
    statsFace(pools.observer),
    metricsFace(deps),
    mailsFace(deps.mailCatcherUrl),
    healthFace(deps),
    problemListFace,
  ];
}
