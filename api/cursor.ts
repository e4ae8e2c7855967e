import { z } from 'zod';
import type { OrderPosition } from '../db/order/order-view.js';
import type { EpochMillis, OrderId } from '../schemas/ids.js';

const position = z.tuple([z.int(), z.uuid()]);

/** Opaque to clients: where the page before ended. */
export const toCursor = ({ createdAt, orderId }: OrderPosition): string =>
  Buffer.from(JSON.stringify([createdAt, orderId])).toString('base64url');

/** Accepts what `toCursor` has made, and nothing else. */
export const cursor = z.string().transform((text, context): OrderPosition => {
  const parsed = position.safeParse(decode(text));
  if (parsed.success) {
    const [createdAt, orderId] = parsed.data;
    return { createdAt: createdAt as EpochMillis, orderId: orderId as OrderId };
  }
  context.issues.push({
    code: 'custom',
    message: 'expected the nextCursor of an earlier answer',
    input: text,
  });
  return z.NEVER;
});

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
