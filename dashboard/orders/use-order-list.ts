import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { asProblem, type ApiProblem } from '../api/request.js';
import type { FeedMessage } from '../feed/messages.js';
import { useFeed } from '../shell/connection.js';
import { changeList, emptyList, isMissing, type OrderFilter, type OrderList } from './order-list.js';

const PAGE = 25;
/** Who has seen this many orders go by does not look at the last ones any more. */
const TOO_MANY = 300;

export interface LiveOrderList {
  readonly list: OrderList;
  readonly problem: ApiProblem | undefined;
  readonly reload: () => void;
  readonly loadMore: () => void;
}

/** The list of orders that pass the filter, loaded whenever the feed begins anew and changed by all that it tells. */
export function useOrderList(
  filter: OrderFilter,
  onStatus: (message: FeedMessage & { kind: 'status' }) => void,
): LiveOrderList {
  const [list, change] = useReducer(changeList, emptyList);
  const [problem, setProblem] = useState<ApiProblem>();
  const round = useRef(0);
  const { status, customerId } = filter;

  const load = (cursor: string | null) => {
    const asked = cursor === null ? ++round.current : round.current;
    if (cursor === null) change({ kind: 'load', filter });
    api.orders({ status, customerId, limit: PAGE, cursor }).then(
      ({ orders, nextCursor }) => {
        if (asked !== round.current) return;
        setProblem(undefined);
        change({ kind: cursor === null ? 'loaded' : 'loaded more', orders, nextCursor });
      },
      (error: unknown) => {
        if (asked !== round.current) return;
        setProblem(asProblem(error));
        change({ kind: 'failed' });
      },
    );
  };

  const hear = (message: FeedMessage) => {
    change({ kind: 'heard', message });
    if (message.kind !== 'status') return;
    onStatus(message);
    if (isMissing(list, message.data))
      void api.order(message.data.orderId).then((order) => change({ kind: 'found', order }), ignoreUnlisted);
  };

  useFeed('/events', { onMessage: hear, onStart: () => load(null) });
  useEffect(() => load(null), [status, customerId]);
  useEffect(() => {
    if (list.rows.length > TOO_MANY) load(null);
  }, [list.rows.length]);
  return { list, problem, reload: () => load(null), loadMore: () => load(list.nextCursor) };
}

/** The next load of the list shows an order that could not be looked up now. */
const ignoreUnlisted = () => undefined;
