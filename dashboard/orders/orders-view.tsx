import { services } from '../../schemas/services.js';
import type { FeedMessage } from '../feed/messages.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { hrefOf } from '../router.js';
import { useAnnounce } from '../shell/announcer.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { serviceName } from '../texts/names.js';
import { OrderFilters } from './order-filters.js';
import { OrderRows } from './order-rows.js';
import { PlaceOrders } from './place-orders.js';
import { Presets } from './presets.js';
import { useOrderList } from './use-order-list.js';

/** The live list of orders, and the form to place some. */
export function OrdersView({ query }: { readonly query: URLSearchParams }) {
  const texts = useTexts();
  const announce = useAnnounce();
  const filter = { status: query.get('status'), customerId: query.get('customerId') };
  const tellStatus = ({ data }: FeedMessage & { kind: 'status' }) =>
    announce(texts.orders.becomes(shortId(data.orderId), texts.statuses[data.status]));
  const { list, problem, reload, loadMore } = useOrderList(filter, tellStatus);
  const isFiltered = filter.status !== null || filter.customerId !== null;
  return (
    <>
      <section class="hero">
        <h1>{texts.shell.tagline}</h1>
        <p class="lead">{texts.orders.lead(services.map((service) => serviceName(service, texts)))}</p>
        <Presets />
      </section>
      <div class="orders-layout">
        <PlaceOrders />
        <section class="card orders-card" aria-labelledby="order-list">
          <div class="card-head">
            <h2 id="order-list">{texts.orders.list}</h2>
            <OrderFilters filter={filter} />
          </div>
          {problem && <ProblemNotice problem={problem} onRetry={reload} />}
          {list.rows.length > 0 && <OrderRows rows={list.rows} />}
          {list.rows.length === 0 && list.isLoading && <Loading />}
          {list.rows.length === 0 && !list.isLoading && !problem && (
            <p class="empty">
              {isFiltered ? texts.orders.noneHere : texts.orders.none}
              {isFiltered && <a href={hrefOf('orders')}>{texts.orders.filter.clear}</a>}
            </p>
          )}
          {list.nextCursor !== null && (
            <button type="button" class="button more" onClick={loadMore}>
              {texts.list.more}
            </button>
          )}
        </section>
      </div>
    </>
  );
}
