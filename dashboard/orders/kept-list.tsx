import type { VirtualItem } from '@tanstack/virtual-core';
import { createContext, type ComponentChildren } from 'preact';
import { useContext, useRef } from 'preact/hooks';
import type { FeedMessage } from '../feed/messages.js';
import { hrefOf, type Route } from '../router.js';
import { useAnnounce } from '../shell/announcer.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { filterOf, noFilter, queryOf, type OrderFilter } from './order-filter.js';
import { emptyList } from './order-list.js';
import { useOrderList, type LiveOrderList } from './use-order-list.js';

/** Where the reader of the list was. */
export interface Place {
  /** Of the list as it was filtered. */
  href: string;
  scrollY: number;
  /** The heights of the rows. */
  measured: VirtualItem[];
}

interface KeptList extends LiveOrderList {
  readonly filter: OrderFilter;
  /** The address of the list as it was last shown. */
  readonly href: string;
  readonly place: Place;
}

const nowhere = (href: string): Place => ({ href, scrollY: 0, measured: [] });

const KeptListContext = createContext<KeptList>({
  list: emptyList,
  problem: undefined,
  reload: () => undefined,
  loadMore: () => undefined,
  read: () => undefined,
  filter: noFilter,
  href: hrefOf('orders'),
  place: nowhere(''),
});

export const useKeptList = (): KeptList => useContext(KeptListContext);

/** Keeps the list of orders as it is, and up to date, while another view is open. */
export function OrderListProvider({
  route,
  children,
}: {
  readonly route: Route;
  readonly children: ComponentChildren;
}) {
  const texts = useTexts();
  const announce = useAnnounce();
  const shown = useRef<OrderFilter | undefined>(undefined);
  if (route.view === 'orders') shown.current = filterOf(route.query);
  const live = useOrderList(shown.current, ({ data }: FeedMessage & { kind: 'status' }) => {
    if (route.view === 'orders')
      announce(texts.orders.becomes(shortId(data.orderId), texts.statuses[data.status]));
  });
  const filter = shown.current ?? noFilter;
  const href = hrefOf('orders', queryOf(filter));
  const place = useRef(nowhere(href));
  if (place.current.href !== href) place.current = nowhere(href);
  return (
    <KeptListContext.Provider value={{ ...live, filter, href, place: place.current }}>
      {children}
    </KeptListContext.Provider>
  );
}
