import { FeedHub } from './hub.js';
import type { Request, Told } from './shared-messages.js';

// Runs once for all pages of this browser, so that they share one stream: over HTTP/1.1 a browser opens six connections to
// a server, whatever the number of its pages.

const hub = new FeedHub();

addEventListener('connect', (event) => (event as MessageEvent).ports.forEach(serve));

/** Serves one page. */
function serve(port: MessagePort): void {
  const stops = new Map<number, () => void>();
  const leave = (listener: number) => {
    stops.get(listener)?.();
    stops.delete(listener);
  };
  port.onmessage = ({ data }: MessageEvent<Request>) => {
    if (data.kind === 'listen') stops.set(data.listener, listen(port, data));
    else leave(data.listener);
  };
  // A page that has crashed says nothing more.
  port.addEventListener('close', () => [...stops.keys()].forEach(leave));
}

function listen(port: MessagePort, { listener, subject }: Request & { kind: 'listen' }): () => void {
  const tell = (told: Told) => port.postMessage(told);
  return hub.listen(subject, {
    onStart: () => tell({ listener, kind: 'start' }),
    onMessage: (message) => tell({ listener, kind: 'message', message }),
    onConnection: (connection) => tell({ listener, kind: 'connection', connection }),
  });
}
