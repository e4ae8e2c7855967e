import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { Problem } from './problem.js';

/** Polled by monitoring, from one address and at its own pace. */
const unlimited: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Limits the requests per minute from one address (IPv6: one /56 network); beyond it the response is 429 with
 * `Retry-After`. Each process counts on its own. Behind a proxy every request has the proxy's address: limit there, and
 * switch this off.
 */
export const limitRate = (requestsPerMinute: number): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skip: ({ path }) => unlimited.has(path),
    // The library has set Retry-After by now.
    handler: (_, __, next) =>
      next(new Problem('too-many-requests', `at most ${requestsPerMinute} requests a minute`)),
    // Anyone can send these headers, so they are ignored.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
  });
