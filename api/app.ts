import express, { type Express } from 'express';
import { dashboardFiles } from './dashboard-files.js';
import type { ApiDependencies } from './dependencies.js';
import { docsFiles } from './documentation/docs-page.js';
import { withDocumentation } from './documentation/resources.js';
import { resourcesOf } from './resources.js';
import { allowHosts } from './http/allowed-hosts.js';
import { crossOrigin } from './http/cross-origin.js';
import { errorHandler } from './http/error-handler.js';
import { routerOf } from './http/router.js';
import { Problem } from './http/problem.js';
import { limitRate } from './http/rate-limit.js';
import { requestLog } from './http/request-log.js';
import { securityHeaders } from './http/security-headers.js';

/** The whole API with its documentation, and the dashboard. */
export function createApp(deps: ApiDependencies): Express {
  const { rateLimit = 0, corsOrigins = [], allowedHosts = [] } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestLog(deps.log), securityHeaders, allowHosts(allowedHosts));
  app.use((_, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  // Before the rate limit: one visit loads a dozen files.
  app.use(dashboardFiles());
  if (corsOrigins.length > 0) app.use(crossOrigin(corsOrigins));
  if (rateLimit > 0) app.use(limitRate(rateLimit));
  app.use(withDocumentation(resourcesOf(deps)).map(routerOf), docsFiles());
  app.use((request) => {
    throw new Problem('not-found', `there is nothing at ${request.path}`);
  });
  app.use(errorHandler);
  return app;
}
