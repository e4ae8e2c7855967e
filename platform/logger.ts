import { pino, type Logger } from 'pino';

export type { Logger };

/** Logs JSON lines to standard output, in a readable form if that is a terminal. */
export function createLogger(name: string, level = 'info'): Logger {
  const redact = { paths: ['*.password', '*.url', '*.authorization'], censor: '[hidden]' };
  const readable = { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } };
  return pino({ name, level, redact, serializers, ...(process.stdout.isTTY ? { transport: readable } : {}) });
}

/** Leaves out the values and rows that a database driver attaches to its errors: they hold private data. */
export function describeError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { readonly code?: unknown };
  return { name, message, code, stack, cause: cause instanceof Error ? cause.message : undefined };
}

/** Temporal's SDK logs errors under `error`, everybody else under `err`. */
const serializers = { err: describeError, error: describeError };
