import { createHash } from 'node:crypto';

/** SHA-256 in hex of a request's meaning: what an idempotency key stands for. The caller fixes the order of the fields. */
export const digestOf = (meaning: unknown): string =>
  createHash('sha256').update(JSON.stringify(meaning)).digest('hex');
