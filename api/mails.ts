import { Router } from 'express';
import { z } from 'zod';
import * as field from './http/fields.js';
import { Problem, unavailable } from './http/problem.js';
import { resource } from './http/resource.js';
import { readParameters } from './http/validate.js';

const mailsQuery = z.strictObject({ orderId: field.orderId.optional() });

/** What the embedded mail catcher got; 404 where there is none, since real mails are nobody's to read here. */
export function mailsRouter(mailCatcherUrl: string | undefined): Router {
  const router = Router();
  resource(router, '/mails', {
    get: async (request, response) => {
      const { orderId } = readParameters(request.query, mailsQuery);
      if (mailCatcherUrl === undefined) throw new Problem('not-found', 'there is no mail catcher');
      response.json(await askCatcher(mailCatcherUrl, orderId));
    },
  });
  return router;
}

async function askCatcher(mailCatcherUrl: string, orderId: string | undefined): Promise<unknown> {
  const url = new URL(mailCatcherUrl);
  if (orderId !== undefined) url.searchParams.set('orderId', orderId);
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    if (answer.ok) return await answer.json();
  } catch (error) {
    throw unavailable('the mail catcher cannot be reached', error);
  }
  throw unavailable('the mail catcher does not answer as it should');
}
