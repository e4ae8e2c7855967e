import { z } from 'zod';
import { limits, type Limit } from '../../schemas/limits.js';

/** Anything shaped like a UUID: stored ids are shown whatever their version. */
export const uuid = z.guid().meta({ id: 'Uuid', examples: ['575a01e7-6a98-519c-a25f-9dc2ceb3d54f'] });

export const time = z.iso.datetime().meta({
  id: 'Time',
  description: 'RFC 3339 in UTC, with milliseconds.',
  examples: ['2026-11-24T12:41:50.564Z'],
});

export const customerId = z.string().meta({ examples: ['alice'] });
export const sku = z.string().meta({ examples: ['mouse'] });

/** Bounds of a number as the document tells them. What is stored is shown, even if it is of before a limit. */
export const bounded = ({ min, max }: Limit) => z.int().min(0).meta({ minimum: min, maximum: max });

export const money = z
  .strictObject({
    amount: bounded(limits.total).meta({
      description: 'in the smallest unit: won for KRW, cents for EUR',
      examples: [25_000],
    }),
    currency: z.string().meta({ description: 'ISO 4217', examples: ['KRW'] }),
  })
  .meta({ id: 'Money' });

export const operator = z.string().meta({ description: 'self-declared' });

/** On responses to requests with an idempotency key. */
export const replayHeader = z.object({
  'Idempotent-Replayed': z.literal('true').optional().meta({ description: 'The key was used before.' }),
});

export const replayHeaderIf = (isReplay: boolean): z.input<typeof replayHeader> =>
  isReplay ? { 'Idempotent-Replayed': 'true' } : {};

/** One page of a list; `nextCursor` leads to the next. */
export const pageOf = <Name extends string, Entry extends z.ZodType>(name: Name, entry: Entry) =>
  z.strictObject({
    [name]: z.array(entry),
    nextCursor: z.string().nullable().meta({ description: 'leads to the next page; null on the last' }),
  } as { [Key in Name]: z.ZodArray<Entry> } & { nextCursor: z.ZodNullable<z.ZodString> });

/**
 * A name out of a closed set that a newer release may extend. During a rolling release the database holds names that
 * this process does not know; they are shown as they are, and the document lists the known ones.
 */
export const openEnum = <Name extends string>(known: readonly Name[]) =>
  z.string().meta({ 'x-extensible-enum': [...known] }) as unknown as z.ZodType<Name, Name>;
