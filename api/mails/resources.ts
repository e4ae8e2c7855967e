import { z } from 'zod';
import * as shown from '../http/response-fields.js';
import type { ResourceGroup } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem, unavailable } from '../http/problem.js';

/** What the embedded mail catcher received; 404 if there is none, because real mails must not be read here. */
export const mailsResources = (mailCatcherUrl: string | undefined): ResourceGroup => ({
  name: 'Mails',
  description: 'What the embedded mail catcher received.',
  resources: { '/mails': { get: getMails(mailCatcherUrl) } },
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

const getMails = (mailCatcherUrl: string | undefined) =>
  operation({
    id: 'listMails',
    summary: 'Lists the caught mails, oldest first',
    query: z.strictObject({ orderId: field.orderId.optional() }),
    responses: { 200: { description: 'The mails', body: caughtMails } },
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
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    if (response.ok) return (await response.json()) as z.infer<typeof caughtMails>;
  } catch (error) {
    throw unavailable('the mail catcher is unreachable', error);
  }
  throw unavailable('the mail catcher does not respond as expected');
}
