import { setTimeout as sleep } from 'node:timers/promises';
import { feedMessages, type FeedKind } from '../../api/feed/messages.js';
import { toMessage } from '../../api/feed/message.js';
import { BEGINNING } from '../../db/feed/entry-id.js';
import { readFeed, type FeedEntry } from '../../db/feed/entries.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { EntryId, OrderId } from '../../schemas/ids.js';

/** A message as a client has it. */
export interface Received {
  readonly id: string;
  readonly kind: FeedKind;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface FeedPart {
  readonly after?: EntryId;
  readonly orderId?: OrderId;
  readonly limit?: number;
}

/** All entries, page by page, once no transaction of this or another test holds any back. */
export async function readEntries(pool: Pool, { after, orderId, limit = 1_000 }: FeedPart = {}) {
  const entries: FeedEntry[] = [];
  for (let reached = after ?? BEGINNING; ;) {
    const page = await readFeed(pool, { after: reached, orderId, limit });
    entries.push(...page.entries);
    reached = page.through;
    if (page.isHeldBack) await sleep(5);
    else if (!page.hasMore) return entries;
  }
}

/** The same as messages; fails on one whose data is not what is declared of its kind. */
export async function readMessages(pool: Pool, part: FeedPart = {}): Promise<readonly Received[]> {
  return (await readEntries(pool, part)).map((entry) => parseMessage(toMessage(entry).text));
}

/** Many streams have the same message, which is parsed once; long ones are not kept. */
const parsed = new Map<string, Received>();
const MAX_KEPT = 5_000;

/** One block of a stream's text, without the empty line at its end. */
export function parseMessage(text: string): Received {
  const message = parsed.get(text) ?? parse(text);
  if (text.length <= MAX_KEPT) parsed.set(text, message);
  return message;
}

function parse(text: string): Received {
  const fields = new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line): [string, string] => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
  );
  const kind = fields.get('event') as FeedKind;
  return {
    id: fields.get('id') ?? '',
    kind,
    data: feedMessages[kind].parse(JSON.parse(fields.get('data') ?? '')),
  };
}
