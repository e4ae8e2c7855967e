import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { Problem } from './problem.js';

/** Asked by machines that watch the API, from one address and at their own pace. */
const unlimited: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * So many requests a minute from one address (IPv6: one /56 network); beyond that 429 with `Retry-After`. Counted by
 * this process alone. Behind a proxy all requests come from one address: let the proxy limit, and switch this off.
 */
export const limitRate = (requestsPerMinute: number): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skip: ({ path }) => unlimited.has(path),
    // Sets Retry-After before it comes here.
    handler: (_, __, next) =>
      next(new Problem('too-many-requests', `at most ${requestsPerMinute} requests a minute`)),
    // Anybody can send these headers; they are not looked at.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
  });
