import { z } from 'zod';
import * as shown from '../http/response-fields.js';
import type { ResourceGroup } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { askCatcher } from './catcher.js';

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
      const asked = orderId === undefined ? [] : [orderId];
      return {
        status: 200,
        body: (await askCatcher(mailCatcherUrl, 'GET', asked)) as z.infer<typeof caughtMails>,
      };
    },
  });
