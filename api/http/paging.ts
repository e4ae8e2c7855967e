import { z } from 'zod';
import type { EpochMillis, OrderId } from '../../schemas/ids.js';

/** A moment that a `Date` can hold. */
export const moment = z
  .int()
  .min(0)
  .max(8.64e15)
  .transform((millis) => millis as EpochMillis);

export const orderIdPart = z.uuid().transform((id) => id as OrderId);

/** Accepts what `toPage` has made of a position of this shape, and nothing else. */
export const cursorOf = <Position extends z.ZodType>(position: Position) =>
  z
    .string()
    .meta({ description: 'The `nextCursor` of the page before.' })
    .transform((text, context): z.output<Position> => {
      const parsed = position.safeParse(decode(text));
      if (parsed.success) return parsed.data;
      context.issues.push({
        code: 'custom',
        message: 'expected the nextCursor of an earlier answer',
        input: text,
      });
      return z.NEVER;
    });

/** Of the `limit + 1` entries that were asked for, those to show, and where the next page goes on: opaque to clients. */
export function toPage<Entry>(
  found: readonly Entry[],
  limit: number,
  positionOf: (last: Entry) => readonly (string | number)[],
): { readonly page: readonly Entry[]; readonly nextCursor: string | null } {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const isLast = found.length <= limit || last === undefined;
  return { page, nextCursor: isLast ? null : encode(positionOf(last)) };
}

const encode = (position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
