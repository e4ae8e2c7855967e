import { feedKinds, type FeedMessage } from './messages.js';

/** Behind: connected, but messages wait for a transaction of the database that does not end. */
export type Connection = 'connecting' | 'live' | 'behind' | 'lost';

export interface FeedHandlers {
  readonly onMessage: (message: FeedMessage) => void;
  /** Messages may have been missed: reload what is shown. Also called before the first message. */
  readonly onStart: () => void;
  readonly onConnection: (connection: Connection) => void;
}

const RETRY_MS = 1_500;

/**
 * Listens to a feed until the returned function is called. The browser reconnects by itself and resumes after the last
 * id. If it gives up (on a response other than 200), or the server cannot resume there (`reset`), the feed starts over.
 */
export function subscribe(url: string, { onMessage, onStart, onConnection }: FeedHandlers): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    source = new EventSource(url);
    let isFirst = true;
    source.addEventListener('open', () => {
      if (isFirst) onStart();
      isFirst = false;
      onConnection('live');
    });
    for (const kind of feedKinds)
      source.addEventListener(kind, ({ data }: MessageEvent<string>) =>
        onMessage({ kind, data: JSON.parse(data) as unknown } as FeedMessage),
      );
    source.addEventListener('behind', ({ data }: MessageEvent<string>) => {
      const { since } = JSON.parse(data) as { readonly since: string | null };
      onConnection(since === null ? 'live' : 'behind');
    });
    source.addEventListener('reset', () => startOver(0));
    source.addEventListener('error', () => {
      onConnection('lost');
      if (source.readyState === EventSource.CLOSED) startOver(RETRY_MS);
    });
  };
  const startOver = (pause: number) => {
    source.close();
    clearTimeout(timer);
    timer = setTimeout(connect, pause);
  };
  onConnection('connecting');
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
