import { useEffect, useReducer, useRef } from 'preact/hooks';
import { api } from '../api/api.js';
import type { ApiProblem } from '../api/request.js';
import { ALL_ORDERS } from '../feed/hub.js';
import type { FeedMessage } from '../feed/messages.js';
import { useFeed } from '../shell/connection.js';
import { loadOrders } from './load-orders.js';
import type { OrderFilter } from './order-filter.js';
import {
  changeList,
  emptyList,
  FIRST_PAGE,
  isMissing,
  queryOfNext,
  upToFirst,
  type OrderList,
} from './order-list.js';
import { useLoading } from './use-loading.js';

/** How many orders “Show more” adds. */
const MORE = 100;
/** How many are loaded again after messages may have been missed. */
const MOST_AGAIN = 1_000;

export interface LiveOrderList {
  readonly list: OrderList;
  readonly problem: ApiProblem | undefined;
  /** Loads the newest. */
  readonly reload: () => void;
  readonly loadMore: () => void;
  /** Says whether the reader is further down, where nothing may move. */
  readonly read: (isReading: boolean) => void;
}

/**
 * The orders that match the filter, loaded anew with each filter and whenever the feed starts over, and updated by its
 * messages. Without a filter nothing is loaded yet.
 */
export function useOrderList(
  filter: OrderFilter | undefined,
  onStatus: (message: FeedMessage & { kind: 'status' }) => void,
): LiveOrderList {
  const [list, change] = useReducer(changeList, emptyList);
  const { problem, settle, startOver } = useLoading(change);
  const isReading = useRef(false);

  const load = (query: OrderFilter, { count = FIRST_PAGE, to = query.to } = {}) => {
    change({ kind: 'load', filter: query });
    const loaded = loadOrders({ ...query, to }, count).then(
      (page) => ({ kind: 'loaded', hasNewer: to !== query.to, ...page }) as const,
    );
    void startOver(loaded);
  };

  const loadNewest = () => {
    isReading.current = false;
    if (filter) load(filter);
  };

  /** Messages may have been missed. Where somebody reads, the rows stay where they are. */
  const loadAgain = () => {
    if (!filter) return;
    const to = isReading.current ? upToFirst(list) : undefined;
    load(filter, { count: Math.min(list.wanted, MOST_AGAIN), ...(to !== undefined && { to }) });
  };

  const loadMore = () => {
    const after = list.next;
    const loaded = loadOrders(queryOfNext(list), MORE).then(
      (page) => ({ kind: 'loaded more', after, ...page }) as const,
    );
    void settle(loaded);
  };

  const onMessage = (message: FeedMessage) => {
    change({ kind: 'message', message, isReading: isReading.current });
    if (message.kind === 'status') onStatus(message);
    if (isMissing(list, message)) void find(message.data.orderId);
  };

  const find = (orderId: string) =>
    api
      .order(orderId)
      .then((order) => change({ kind: 'found', order, isReading: isReading.current }), ignoreUnlisted);

  useFeed(filter && ALL_ORDERS, { onMessage, onStart: loadAgain });
  useEffect(loadNewest, [JSON.stringify(filter)]);
  const read = (isFurtherDown: boolean) => {
    isReading.current = isFurtherDown;
    if (!isFurtherDown && list.hasNewer && !list.isLoading) loadNewest();
  };
  return { list, problem, reload: loadNewest, loadMore, read };
}

/** The next load of the list will have it. */
const ignoreUnlisted = () => undefined;
