import type { Request, Response, Router } from 'express';
import { Problem } from './problem.js';

export type Handler = (request: Request, response: Response) => Promise<void> | void;
export type Method = 'get' | 'put' | 'post';

/** Puts a resource on a path with the methods it has; every other method is answered with 405 and `Allow`. */
export function resource(router: Router, path: string, handlers: Partial<Record<Method, Handler>>): void {
  const route = router.route(path);
  for (const [method, handler] of Object.entries(handlers)) route[method as Method](handler);
  const allow = Object.keys(handlers)
    .flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
    .join(', ');
  route.all((request, response) => {
    if (request.method !== 'OPTIONS')
      throw new Problem('method-not-allowed', `${request.method} is not among ${allow}`, {
        headers: { Allow: allow },
      });
    response.set('Allow', allow).status(204).end();
  });
}
