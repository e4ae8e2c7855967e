import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard output, or a readable form where that is a terminal. */
export function createLogger(name: string, level = 'info'): Logger {
  const redact = { paths: ['*.password', '*.url', '*.authorization'], censor: '[hidden]' };
  const readable = { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } };
  return pino({ name, level, redact, serializers, ...(process.stdout.isTTY ? { transport: readable } : {}) });
}

/** Of an error neither the values nor the rows that a database puts beside its message. */
export function describeError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { readonly code?: unknown };
  return { name, message, code, stack, cause: cause instanceof Error ? cause.message : undefined };
}

/** Temporal's SDK calls it `error`, everybody else `err`. */
const serializers = { err: describeError, error: describeError };
