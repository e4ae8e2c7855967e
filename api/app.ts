import express, { type Express } from 'express';
import { attentionRouter } from './attention.js';
import type { ApiDependencies } from './dependencies.js';
import { Feed } from './feed/feed.js';
import { feedRouter } from './feed/router.js';
import { healthRouter } from './health.js';
import { errorHandler } from './http/error-handler.js';
import { Problem } from './http/problem.js';
import { requestLog } from './http/request-log.js';
import { inventoryRouter } from './inventory.js';
import { mailsRouter } from './mails.js';
import { notificationRouter } from './notification.js';
import { operatorActionsRouter } from './operator-actions.js';
import { orderRouter } from './order.js';
import { paymentRouter } from './payment.js';
import { problemListRouter } from './problem-list.js';
import { quarantineRouter } from './quarantine.js';
import { referenceDataRouter } from './reference-data.js';

/** The four services' faces and the operators' in one app, each on its own database role. */
export function createApp(deps: ApiDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestLog(deps.log));
  app.use((_, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(express.json({ limit: '64kb', type: 'application/json' }));
  const { log, stopping, feed: settings } = deps;
  const feed = new Feed({ pool: deps.pools.observer, log, stopping, settings });
  app.use(orderRouter(deps, feed), referenceDataRouter(deps.pools.order), feedRouter(feed));
  app.use(paymentRouter(deps.pools.payment));
  app.use(inventoryRouter(deps.pools.inventory));
  app.use(notificationRouter(deps.pools.notification));
  app.use(quarantineRouter(deps), attentionRouter(deps.pools.operator));
  app.use(operatorActionsRouter(deps.pools.operator));
  app.use(mailsRouter(deps.mailCatcherUrl), healthRouter(deps), problemListRouter());
  app.use((request) => {
    throw new Problem('not-found', `there is nothing at ${request.path}`);
  });
  app.use(errorHandler);
  return app;
}
