import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { feed } from '../feed/feed.js';
import type { Subject } from '../feed/hub.js';
import type { FeedMessage } from '../feed/messages.js';
import type { Connection, FeedHandlers } from '../feed/subscribe.js';

/** The listener is a key of its own: several may listen to the same. */
type Report = (listener: object, connection: Connection | undefined) => void;

const ConnectionContext = createContext<{
  readonly connection: Connection | undefined;
  readonly report: Report;
}>({
  connection: undefined,
  report: () => undefined,
});

/** Tracks the connection of the current view's feed, for the header to show. */
export function ConnectionProvider({ children }: { readonly children: ComponentChildren }) {
  const [connections, setConnections] = useState<ReadonlyMap<object, Connection>>(new Map());
  const value = useMemo(() => {
    const report: Report = (listener, connection) =>
      setConnections((old) => {
        const next = new Map(old);
        if (connection) next.set(listener, connection);
        else next.delete(listener);
        return next;
      });
    return { connection: [...connections.values()].at(-1), report };
  }, [connections]);
  return <ConnectionContext.Provider value={value}>{children}</ConnectionContext.Provider>;
}

export const useConnection = (): Connection | undefined => useContext(ConnectionContext).connection;

/** Listens to the feed of an order, or of all, while the component is mounted; undefined listens to nothing. */
export function useFeed(subject: Subject | undefined, handlers: Omit<FeedHandlers, 'onConnection'>): void {
  const { report } = useContext(ConnectionContext);
  const latest = useRef(handlers);
  latest.current = handlers;
  const tellConnection = useRef(report);
  tellConnection.current = report;
  useEffect(() => {
    if (subject === undefined) return undefined;
    const listener = {};
    const stop = feed().listen(subject, {
      onMessage: (message: FeedMessage) => latest.current.onMessage(message),
      onStart: () => latest.current.onStart(),
      onConnection: (connection) => tellConnection.current(listener, connection),
    });
    return () => {
      stop();
      tellConnection.current(listener, undefined);
    };
  }, [subject]);
}
