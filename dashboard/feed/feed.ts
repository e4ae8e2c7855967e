import { FeedHub, type Feed } from './hub.js';
import { SharedFeed } from './shared-feed.js';

let opened: Feed | undefined;

/** The page's feed: shared with all other pages of this browser, where the browser has shared workers. */
export const feed = (): Feed => (opened ??= 'SharedWorker' in globalThis ? new SharedFeed() : new FeedHub());
