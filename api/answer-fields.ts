import { z } from 'zod';

/** Anything in the shape of a UUID: what is stored is shown, whatever version it is of. */
export const uuid = z.guid().meta({ id: 'Uuid' });

export const time = z.iso.datetime().meta({ id: 'Time', description: 'RFC 3339 in UTC, with milliseconds.' });

export const money = z
  .strictObject({
    amount: z.int().meta({ description: 'in the smallest unit: won for KRW, cents for EUR' }),
    currency: z.string().meta({ description: 'ISO 4217' }),
  })
  .meta({ id: 'Money' });

/** Of an answer to a request under an idempotency key. */
export const replayHeader = z.object({
  'Idempotent-Replayed': z.literal('true').optional().meta({ description: 'The key was used before.' }),
});

export const replayHeaderIf = (isReplay: boolean): z.input<typeof replayHeader> =>
  isReplay ? { 'Idempotent-Replayed': 'true' } : {};

/** One page of a list; the next begins with `nextCursor`. */
export const pageOf = <Name extends string, Entry extends z.ZodType>(name: Name, entry: Entry) =>
  z.strictObject({
    [name]: z.array(entry),
    nextCursor: z.string().nullable().meta({ description: 'for the next page; null on the last one' }),
  } as { [Key in Name]: z.ZodArray<Entry> } & { nextCursor: z.ZodNullable<z.ZodString> });
