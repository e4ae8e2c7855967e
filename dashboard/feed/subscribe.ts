import { feedKinds, type FeedMessage } from './messages.js';

export type Connection = 'connecting' | 'live' | 'lost';

export interface FeedHandlers {
  readonly onMessage: (message: FeedMessage) => void;
  /** Something may have been missed: what is shown has to be loaded anew. Called before the first message, too. */
  readonly onStart: () => void;
  readonly onConnection: (connection: Connection) => void;
}

const TRY_AGAIN_MS = 1_500;

/**
 * Listens to a feed until the returned function is called. A broken connection is the browser's to mend: it goes on
 * after the last id. Where the browser gives up (an answer other than 200), or the server cannot go on after
 * that id (`reset`), the feed starts anew.
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
    source.addEventListener('reset', () => startAnew(0));
    source.addEventListener('error', () => {
      onConnection('lost');
      if (source.readyState === EventSource.CLOSED) startAnew(TRY_AGAIN_MS);
    });
  };
  const startAnew = (pause: number) => {
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
