import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { asProblem, type ApiProblem } from '../api/request.js';
import type { FeedMessage } from '../feed/messages.js';
import { useFeed } from '../shell/connection.js';
import { changeList, emptyList, isMissing, type OrderFilter, type OrderList } from './order-list.js';

const PAGE = 25;
/** Nobody looks at the end of a longer list: it is cut back to one page. */
const TOO_MANY = 300;

export interface LiveOrderList {
  readonly list: OrderList;
  readonly problem: ApiProblem | undefined;
  readonly reload: () => void;
  readonly loadMore: () => void;
}

/** The orders that match the filter: loaded whenever the feed starts over, and updated by its messages. */
export function useOrderList(
  filter: OrderFilter,
  onStatus: (message: FeedMessage & { kind: 'status' }) => void,
): LiveOrderList {
  const [list, change] = useReducer(changeList, emptyList);
  const [problem, setProblem] = useState<ApiProblem>();
  const latest = useRef(0);
  const { status, customerId } = filter;

  const load = (cursor: string | null) => {
    const generation = cursor === null ? ++latest.current : latest.current;
    if (cursor === null) change({ kind: 'load', filter });
    api.orders({ status, customerId, limit: PAGE, cursor }).then(
      ({ orders, nextCursor }) => {
        if (generation !== latest.current) return;
        setProblem(undefined);
        change({ kind: cursor === null ? 'loaded' : 'loaded more', orders, nextCursor });
      },
      (error: unknown) => {
        if (generation !== latest.current) return;
        setProblem(asProblem(error));
        change({ kind: 'failed' });
      },
    );
  };

  const onMessage = (message: FeedMessage) => {
    change({ kind: 'message', message });
    if (message.kind !== 'status') return;
    onStatus(message);
    if (isMissing(list, message.data))
      void api.order(message.data.orderId).then((order) => change({ kind: 'found', order }), ignoreUnlisted);
  };

  useFeed('/events', { onMessage, onStart: () => load(null) });
  useEffect(() => load(null), [status, customerId]);
  useEffect(() => {
    if (list.rows.length > TOO_MANY) load(null);
  }, [list.rows.length]);
  return { list, problem, reload: () => load(null), loadMore: () => load(list.nextCursor) };
}

/** The next load of the list will have it. */
const ignoreUnlisted = () => undefined;
