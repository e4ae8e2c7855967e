import { Router } from 'express';
import { resource } from '../http/resource.js';
import type { Feed } from './feed.js';

/** What happens to all orders, as it happens. */
export function feedRouter(feed: Feed): Router {
  const router = Router();
  resource(router, '/events', { get: (request, response) => feed.open(request, response) });
  return router;
}
