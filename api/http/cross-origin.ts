import cors from 'cors';
import type { RequestHandler } from 'express';

/** The headers that a page of another origin may read. */
const exposedHeaders = [
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
];

/** Lets pages of these origins use the API. The resource itself still responds to OPTIONS, with `Allow`. */
export const crossOrigin = (origins: readonly string[]): RequestHandler =>
  cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'PUT', 'POST'],
    exposedHeaders,
    maxAge: 600,
    preflightContinue: true,
  });
