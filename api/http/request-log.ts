import type { Request, RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import { v4 } from 'uuid';
import { describeError, type Logger } from '../../platform/logger.js';
import type { CorrelationId } from '../../core/event.js';

/**
 * Gives each request an id (`X-Request-Id`) and logs one line per response, without headers, body or query.
 */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (_, response) => {
      const id = v4();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    autoLogging: { ignore: ({ url }) => url !== undefined && polled.has(url) },
    customLogLevel: (_, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
    wrapSerializers: false,
    serializers: { req: describeRequest, res: describeResponse, err: describeError },
  });
}

/** Polled every few seconds for as long as the API runs. */
const polled: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** The request's id, which becomes the correlation id of the order it places. */
export const requestIdOf = ({ id }: Request): CorrelationId => id as CorrelationId;

const describeRequest = ({ id, method, url }: Request) => ({ id, method, path: url.split('?')[0] });

const describeResponse = ({ statusCode }: { readonly statusCode: number }) => ({ statusCode });
