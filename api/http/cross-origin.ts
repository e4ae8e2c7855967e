import cors from 'cors';
import type { RequestHandler } from 'express';

/** What a page of another origin may read beside the body. */
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

/** Lets pages of these origins use the API; the resource itself answers OPTIONS, and so tells `Allow` as well. */
export const crossOrigin = (origins: readonly string[]): RequestHandler =>
  cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'PUT', 'POST'],
    exposedHeaders,
    maxAge: 600,
    preflightContinue: true,
  });
