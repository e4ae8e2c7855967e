import type { Subject } from './hub.js';
import type { FeedMessage } from './messages.js';
import type { Connection } from './subscribe.js';

/** What a page asks of the worker; `listener` is the page's own number for it. */
export type Request =
  | { readonly kind: 'listen'; readonly listener: number; readonly subject: Subject }
  | { readonly kind: 'leave'; readonly listener: number };

/** What the worker tells one listener of a page. */
export type Told = { readonly listener: number } & (
  | { readonly kind: 'start' }
  | { readonly kind: 'message'; readonly message: FeedMessage }
  | { readonly kind: 'connection'; readonly connection: Connection }
);
