import express, { type Express } from 'express';
import type { ApiDependencies } from './dependencies.js';
import { facesOf } from './faces.js';
import { errorHandler } from './http/error-handler.js';
import { routerOf } from './http/face.js';
import { Problem } from './http/problem.js';
import { requestLog } from './http/request-log.js';

/** The four services' faces and the operators' in one app. */
export function createApp(deps: ApiDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestLog(deps.log));
  app.use((_, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(facesOf(deps).map(routerOf));
  app.use((request) => {
    throw new Problem('not-found', `there is nothing at ${request.path}`);
  });
  app.use(errorHandler);
  return app;
}
