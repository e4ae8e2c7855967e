import type { FeedData } from '../api/documents.js';

export type FeedKind = keyof FeedData;

export type FeedMessage = {
  [Kind in FeedKind]: { readonly kind: Kind; readonly data: FeedData[Kind] };
}[FeedKind];

const kinds: Readonly<Record<FeedKind, true>> = {
  placed: true,
  status: true,
  published: true,
  delivered: true,
  dropped: true,
  quarantined: true,
  attention: true,
  attempt: true,
  notification: true,
  operator: true,
};

/** Every kind of message: `EventSource` needs a listener for each. */
export const feedKinds = Object.keys(kinds) as readonly FeedKind[];
