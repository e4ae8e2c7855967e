import { z } from 'zod';
import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { limits } from '../../schemas/limits.js';
import { limit } from './fields.js';

/** What a list asks of the database: `limit` entries after a position, or from the start. */
export interface PageRequest<Position> {
  readonly after: Position | undefined;
  readonly limit: number;
}

/** The parts of a position in a list, as the cursor carries them. */
type Parts = readonly (string | number)[];

/**
 * The paging of one list: its query parameters, and how a page is read. `position` checks the parts that `partsOf`
 * takes from an entry and makes the position of them.
 */
export const paging = <Position extends z.ZodType, Entry>(
  position: Position,
  partsOf: (entry: Entry) => Parts,
) => ({
  query: { limit, cursor: cursorOf(position).optional() },

  /** Reads one entry more than asked for, to learn whether another page follows. */
  async read(
    asked: { readonly limit: number; readonly cursor?: z.output<Position> | undefined },
    find: (page: PageRequest<z.output<Position>>) => Promise<readonly Entry[]>,
  ): Promise<{ readonly entries: readonly Entry[]; readonly nextCursor: string | null }> {
    const found = await find({ after: asked.cursor, limit: asked.limit + 1 });
    const entries = found.slice(0, asked.limit);
    const last = entries.at(-1);
    const hasMore = found.length > asked.limit && last !== undefined;
    return { entries, nextCursor: hasMore ? encode(partsOf(last)) : null };
  },
});

/** For a list sorted by one column. */
export const pagingBy = <Key extends z.ZodType<string | number>, Entry>(
  key: Key,
  keyOf: (entry: Entry) => z.output<Key>,
) =>
  paging(
    z.tuple([key]).transform(([only]) => only as z.output<Key>),
    (entry: Entry) => [keyOf(entry)],
  );

export const moment = z
  .int()
  .min(limits.time.min)
  .max(limits.time.max)
  .transform((millis) => millis as EpochMillis);

export const orderIdPart = z.guid().transform((id) => id as OrderId);

/** Accepts what `encode` made of a position of this shape, and nothing else. Opaque to clients. */
const cursorOf = <Position extends z.ZodType>(position: Position) =>
  z
    .string()
    .meta({ description: 'The `nextCursor` of the previous page.' })
    .transform((text, context): z.output<Position> => {
      const parsed = position.safeParse(decode(text));
      if (parsed.success) return parsed.data;
      context.issues.push({
        code: 'custom',
        message: 'expected the nextCursor of an earlier response',
        input: text,
      });
      return z.NEVER;
    });

const encode = (parts: Parts): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
