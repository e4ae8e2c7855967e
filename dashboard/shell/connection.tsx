import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FeedMessage } from '../feed/messages.js';
import { subscribe, type Connection, type FeedHandlers } from '../feed/subscribe.js';

type Report = (url: string, connection: Connection | undefined) => void;

const ConnectionContext = createContext<{
  readonly connection: Connection | undefined;
  readonly report: Report;
}>({
  connection: undefined,
  report: () => undefined,
});

/** Tracks the connection of the current view's feed, for the header to show. */
export function ConnectionProvider({ children }: { readonly children: ComponentChildren }) {
  const [connections, setConnections] = useState<ReadonlyMap<string, Connection>>(new Map());
  const value = useMemo(() => {
    const report: Report = (url, connection) =>
      setConnections((old) => {
        const next = new Map(old);
        if (connection) next.set(url, connection);
        else next.delete(url);
        return next;
      });
    return { connection: [...connections.values()].at(-1), report };
  }, [connections]);
  return <ConnectionContext.Provider value={value}>{children}</ConnectionContext.Provider>;
}

export const useConnection = (): Connection | undefined => useContext(ConnectionContext).connection;

/** Listens to a feed while the component is mounted; null listens to nothing. */
export function useFeed(url: string | null, handlers: Omit<FeedHandlers, 'onConnection'>): void {
  const { report } = useContext(ConnectionContext);
  const latest = useRef(handlers);
  latest.current = handlers;
  const tellConnection = useRef(report);
  tellConnection.current = report;
  useEffect(() => {
    if (url === null) return undefined;
    const stop = subscribe(url, {
      onMessage: (message: FeedMessage) => latest.current.onMessage(message),
      onStart: () => latest.current.onStart(),
      onConnection: (connection) => tellConnection.current(url, connection),
    });
    return () => {
      stop();
      tellConnection.current(url, undefined);
    };
  }, [url]);
}
