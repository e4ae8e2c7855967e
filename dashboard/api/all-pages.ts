import { limits } from '../../schemas/limits.js';

const MAX_PAGES = 5;

/** Loads a whole list, up to 500 entries. */
export async function allPages<Entry>(
  load: (query: { readonly limit: number; readonly cursor: string | null }) => Promise<{
    readonly entries: readonly Entry[];
    readonly nextCursor: string | null;
  }>,
): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { entries, nextCursor } = await load({ limit: limits.page.max, cursor });
    all.push(...entries);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return all;
}
