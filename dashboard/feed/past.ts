import { feedKinds, type FeedKind, type FeedMessage } from './messages.js';

/** Everything that has happened to an order so far. Rejects if the API cannot be reached, or refuses. */
export async function readPast(orderId: string, signal: AbortSignal): Promise<readonly FeedMessage[]> {
  const response = await fetch(`/orders/${orderId}/events?follow=false`, {
    headers: { accept: 'text/event-stream' },
    signal,
  });
  if (!response.ok) throw new Error(String(response.status));
  return parseMessages(await response.text());
}

/** The messages in the text of a stream; a kind that this page does not know is left out. */
export const parseMessages = (text: string): readonly FeedMessage[] =>
  text.split('\n\n').flatMap((block) => {
    const kind = /^event: (.*)$/m.exec(block)?.[1];
    const data = /^data: (.*)$/m.exec(block)?.[1];
    return isKnown(kind) && data !== undefined
      ? [{ kind, data: JSON.parse(data) as unknown } as FeedMessage]
      : [];
  });

const isKnown = (kind: string | undefined): kind is FeedKind => feedKinds.some((known) => known === kind);
