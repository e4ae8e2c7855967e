import type { Request, RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import { v4 } from 'uuid';
import type { Logger } from '../../platform/logger.js';
import type { CorrelationId } from '../../schemas/ids.js';

/**
 * Gives each request an id, in `X-Request-Id`, and writes one line when it is answered: no headers, no body, no
 * query, and of an error neither the values nor the rows that a database puts beside its message.
 */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (_, response) => {
      const id = v4();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    autoLogging: { ignore: ({ url }) => url !== undefined && askedByMachines.has(url) },
    customLogLevel: (_, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
    wrapSerializers: false,
    serializers: { req: describeRequest, res: describeResponse, err: describeError },
  });
}

/** Asked for every few seconds, as long as the API runs. */
const askedByMachines: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** The id of the request, which becomes the correlation id of what it places. */
export const requestIdOf = ({ id }: Request): CorrelationId => id as CorrelationId;

const describeRequest = ({ id, method, url }: Request) => ({ id, method, path: url.split('?')[0] });

const describeResponse = ({ statusCode }: { readonly statusCode: number }) => ({ statusCode });

function describeError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { readonly code?: unknown };
  return { name, message, code, stack, cause: cause instanceof Error ? cause.message : undefined };
}
