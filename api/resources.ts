import type { ApiDependencies } from './dependencies.js';
import { feedFace } from './feed/resources.js';
import { Feed } from './feed/feed.js';
import { faultsFace } from './faults/resources.js';
import { healthFace } from './health/resources.js';
import type { Face } from './http/router.js';
import { inventoryFace } from './inventory/resources.js';
import { mailsFace } from './mails/resources.js';
import { metricsFace } from './monitoring/metrics.js';
import { notificationFace } from './notification/resources.js';
import { operatorFace } from './operators/resources.js';
import { orderFace } from './order/resources.js';
import { paymentFace } from './payment/resources.js';
import { problemListFace } from './problems/resources.js';
import { referenceDataFace } from './reference-data/resources.js';
import { statsFace } from './monitoring/stats.js';

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
