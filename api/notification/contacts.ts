import { z } from 'zod';
import { findContact, saveContact } from '../../db/notification/contacts.js';
import type { Pool } from '../../core/postgres/pool.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import * as shown from '../http/response-fields.js';

const contact = z.strictObject({ customerId: shown.customerId, email: z.string() }).meta({ id: 'Contact' });
const path = z.object({ customerId: field.customerId });

export const getContact = (pool: Pool) =>
  operation({
    id: 'showContact',
    summary: 'Shows the contact address of a customer',
    path,
    responses: { 200: { description: 'The contact', body: contact } },
    problems: ['not-found'],
    caching: 'private',
    handle: async ({ path: { customerId } }) => {
      const found = await findContact(pool, customerId);
      if (!found) throw new Problem('not-found', `${customerId} has no contact`);
      return { status: 200, body: found };
    },
  });

export const putContact = (pool: Pool) =>
  operation({
    id: 'putContact',
    summary: 'Sets the contact address of a customer',
    description: 'Mails already on their way still go to the old address.',
    path,
    body: z.strictObject({ email: field.email }),
    responses: { 200: { description: 'The contact as saved', body: contact } },
    handle: async ({ path: { customerId }, body: { email } }) => {
      await saveContact(pool, { customerId, email });
      return { status: 200, body: { customerId, email } };
    },
  });
