import { FinalOrders } from '../db/order/final-orders.js';
import type { ApiDependencies } from './dependencies.js';
import { faultsResources } from './faults/resources.js';
import { Feed } from './feed/feed.js';
import { feedResources } from './feed/resources.js';
import { healthResources } from './health/resources.js';
import type { ResourceGroup } from './http/router.js';
import { inventoryResources } from './inventory/resources.js';
import { mailsResources } from './mails/resources.js';
import { metricsResources } from './monitoring/metrics.js';
import { statsResources } from './monitoring/stats.js';
import { notificationResources } from './notification/resources.js';
import { operatorResources } from './operators/resources.js';
import { orderResources } from './order/resources.js';
import { paymentResources } from './payment/resources.js';
import { problemsResources } from './problems/resources.js';
import { referenceDataResources } from './reference-data/resources.js';

/** The whole API. Each group uses the database role of its own service, or the operators' or the observer's. */
export function resourcesOf(deps: ApiDependencies): readonly ResourceGroup[] {
  const { pools, log, stopping, feed: settings } = deps;
  const feed = new Feed({ pool: pools.observer, log, stopping, settings });
  return [
    orderResources(deps, feed, new FinalOrders(pools.observer)),
    feedResources(feed),
    referenceDataResources(pools.order),
    paymentResources(pools.payment),
    inventoryResources(pools.inventory),
    notificationResources(pools.notification),
    operatorResources(deps),
    faultsResources(deps),
    statsResources(pools.observer),
    metricsResources(deps),
    mailsResources(deps.mailCatcherUrl),
    healthResources(deps),
    problemsResources,
  ];
}
