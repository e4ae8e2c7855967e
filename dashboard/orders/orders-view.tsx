import { useRef } from 'preact/hooks';
import { services } from '../../schemas/services.js';
import { Icon } from '../parts/icon.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { hrefOf } from '../router.js';
import { useTexts } from '../texts/language.js';
import { serviceName } from '../texts/names.js';
import { useKeptList } from './kept-list.js';
import { isFiltered } from './order-filter.js';
import { OrderFilters } from './order-filters.js';
import { OrderRows } from './order-rows.js';
import { PlaceOrders } from './place-orders.js';
import { Presets } from './presets.js';
import { useReadingPlace } from './use-reading-place.js';

/** The live list of orders, and the form to place some. */
export function OrdersView() {
  const texts = useTexts();
  return (
    <>
      <section class="hero">
        <h1>{texts.shell.tagline}</h1>
        <p class="lead">{texts.orders.lead(services.map((service) => serviceName(service, texts)))}</p>
        <Presets />
      </section>
      <div class="orders-layout">
        <PlaceOrders />
        <ListCard />
      </div>
    </>
  );
}

function ListCard() {
  const texts = useTexts();
  const { list, problem, reload, loadMore, filter } = useKeptList();
  const card = useRef<HTMLElement>(null);
  useReadingPlace(card);
  const backToTop = () => {
    card.current?.scrollIntoView();
    reload();
  };
  return (
    <section ref={card} class="card orders-card" aria-labelledby="order-list">
      <div class="card-head">
        <h2 id="order-list">{texts.orders.list}</h2>
        <OrderFilters filter={filter} />
      </div>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {list.hasNewer && (
        <div class="newer" role="status">
          <button type="button" class="button" onClick={backToTop}>
            <Icon name="arrow" />
            {texts.orders.newer}
          </button>
        </div>
      )}
      {list.rows.length > 0 && <OrderRows rows={list.rows} hasMore={list.next !== null} />}
      {list.rows.length === 0 && list.isLoading && <Loading />}
      {list.rows.length === 0 && !list.isLoading && !problem && (
        <p class="empty">
          {isFiltered(filter) ? texts.orders.noneHere : texts.orders.none}
          {isFiltered(filter) && <a href={hrefOf('orders')}>{texts.orders.filter.clear}</a>}
        </p>
      )}
      {list.next !== null && (
        <button type="button" class="button more" onClick={loadMore}>
          {texts.list.more}
        </button>
      )}
    </section>
  );
}
