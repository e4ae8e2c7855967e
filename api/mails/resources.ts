import { z } from 'zod';
import * as shown from '../http/response-fields.js';
import type { Face } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem, unavailable } from '../http/problem.js';

/** What the embedded mail catcher got; 404 where there is none, since real mails are nobody's to read here. */
export const mailsFace = (mailCatcherUrl: string | undefined): Face => ({
  name: 'Mails',
  description: 'What the embedded mail catcher got.',
  resources: { '/mails': { get: list(mailCatcherUrl) } },
});

const caughtMails = z.strictObject({
  mails: z.array(
    z
      .strictObject({
        messageId: z.string(),
        to: z.string(),
        subject: z.string(),
        text: z.string(),
        at: shown.time,
      })
      .meta({ id: 'Mail' }),
  ),
});

const list = (mailCatcherUrl: string | undefined) =>
  operation({
    id: 'listMails',
    summary: 'Lists the mails that were caught, oldest first',
    query: z.strictObject({ orderId: field.orderId.optional() }),
    answers: { 200: { description: 'The mails', body: caughtMails } },
    problems: ['not-found'],
    handle: async ({ query: { orderId } }) => {
      if (mailCatcherUrl === undefined) throw new Problem('not-found', 'there is no mail catcher');
      return { status: 200, body: await askCatcher(mailCatcherUrl, orderId) };
    },
  });

async function askCatcher(
  mailCatcherUrl: string,
  orderId: string | undefined,
): Promise<z.infer<typeof caughtMails>> {
  const url = new URL(mailCatcherUrl);
  if (orderId !== undefined) url.searchParams.set('orderId', orderId);
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    if (answer.ok) return (await answer.json()) as z.infer<typeof caughtMails>;
  } catch (error) {
    throw unavailable('the mail catcher cannot be reached', error);
  }
  throw unavailable('the mail catcher does not answer as it should');
}
