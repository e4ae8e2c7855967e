import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard output, or a readable form where that is a terminal. */
export function createLogger(name: string, level = 'info'): Logger {
  const redact = { paths: ['*.password', '*.url', '*.authorization'], censor: '[hidden]' };
  const readable = { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } };
  return pino({ name, level, redact, ...(process.stdout.isTTY ? { transport: readable } : {}) });
}
