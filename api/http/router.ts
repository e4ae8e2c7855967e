import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { limits } from '../../schemas/limits.js';
import type { Operation } from './operation.js';
import { Problem } from './problem.js';
import { sendReply } from './send-reply.js';
import { readInput } from './validate.js';

/** Resources that belong together: one tag of the OpenAPI document. */
export interface ResourceGroup {
  readonly name: string;
  readonly description: string;
  /** By path, with parameters as in `/orders/{orderId}`. */
  readonly resources: Readonly<Record<string, Resource>>;
}

export type Method = 'get' | 'put' | 'post';
/** GET includes HEAD. */
export type Resource = Readonly<Partial<Record<Method, Operation>>>;

/** Routes every operation. A method that a resource lacks gets a 405 with `Allow`. */
export function routerOf(group: ResourceGroup): Router {
  const router = Router();
  for (const [path, resource] of Object.entries(group.resources)) {
    const route = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const [method, operation] of Object.entries(resource))
      route[method as Method](...(operation.body ? [readJson] : []), handlerOf(operation));
    route.all(otherMethods(resource));
  }
  return router;
}

const readJson = express.json({ limit: limits.body.max, type: 'application/json' });

const handlerOf = (operation: Operation) => async (request: Request, response: Response) => {
  const input = readInput(request, operation);
  // `operation()` tied the handler's input to these very schemas.
  const reply = await operation.handle({ ...input, request, response } as never);
  await sendReply(response, operation, reply);
};

function otherMethods(resource: Resource): RequestHandler {
  const allow = Object.keys(resource)
    .flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
    .join(', ');
  return (request, response) => {
    if (request.method !== 'OPTIONS')
      throw new Problem('method-not-allowed', `${request.method} is not one of ${allow}`, {
        headers: { Allow: allow },
      });
    response.set('Allow', allow).status(204).end();
  };
}
