import { createHash } from 'node:crypto';

/** SHA-256 of what a request means, in hexadecimal digits; the caller fixes the order of the fields. */
export const digestOf = (meaning: unknown): string =>
  createHash('sha256').update(JSON.stringify(meaning)).digest('hex');
