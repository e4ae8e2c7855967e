import express, { type Express } from 'express';
import { attentionRouter } from './attention.js';
import type { ApiDependencies } from './dependencies.js';
import { healthRouter } from './health.js';
import { errorHandler } from './http/error-handler.js';
import { Problem } from './http/problem.js';
import { requestLog } from './http/request-log.js';
import { inventoryRouter } from './inventory.js';
import { mailsRouter } from './mails.js';
import { metricsRouter } from './metrics.js';
import { notificationRouter } from './notification.js';
import { operatorActionsRouter } from './operator-actions.js';
import { orderRouter } from './order.js';
import { paymentRouter } from './payment.js';
import { problemListRouter } from './problem-list.js';
import { quarantineRouter } from './quarantine.js';
import { referenceDataRouter } from './reference-data.js';
import { statsRouter } from './stats.js';

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
  app.use(orderRouter(deps), referenceDataRouter(deps.pools.order));
  app.use(paymentRouter(deps.pools.payment));
  app.use(inventoryRouter(deps.pools.inventory));
  app.use(notificationRouter(deps.pools.notification));
  app.use(quarantineRouter(deps), attentionRouter(deps.pools.operator));
  app.use(operatorActionsRouter(deps.pools.operator));
  app.use(statsRouter(deps.pools.observer), metricsRouter(deps));
  app.use(mailsRouter(deps.mailCatcherUrl), healthRouter(deps), problemListRouter());
  app.use((request) => {
    throw new Problem('not-found', `there is nothing at ${request.path}`);
  });
  app.use(errorHandler);
  return app;
}
