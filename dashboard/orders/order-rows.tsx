import { useEffect } from 'preact/hooks';
import { services } from '../../schemas/services.js';
import { Age } from '../parts/age.js';
import { Icon } from '../parts/icon.js';
import { Money } from '../parts/money.js';
import { StatusPill } from '../parts/status.js';
import { useWindow } from '../parts/use-window.js';
import { orderHref } from '../router.js';
import { useNames } from '../shop/shop.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { reasonText } from '../texts/names.js';
import { useKeptList } from './kept-list.js';
import type { OrderRow } from './order-row.js';
import { Progress } from './progress.js';

/** Most rows of a wide window; the others are measured. */
const ROW_HEIGHT = 64;

/** The rows in sight, and a few around them; on a phone each is a card. */
export function OrderRows({
  rows,
  hasMore,
}: {
  readonly rows: readonly OrderRow[];
  readonly hasMore: boolean;
}) {
  const { place } = useKeptList();
  const { list, items, above, below, measure, measuredSoFar } = useWindow({
    count: rows.length,
    keyOf: (index) => rows[index]?.orderId ?? '',
    expectedHeight: ROW_HEIGHT,
    begin: place,
  });
  useEffect(() => () => void (place.measured = measuredSoFar()), [place]);
  return (
    <div class="order-rows" style={{ '--lanes': services.length }}>
      <Columns />
      <ul ref={list} style={{ paddingBlockStart: `${above}px`, paddingBlockEnd: `${below}px` }}>
        {items.map(({ index }) => {
          const row = rows[index];
          return (
            row && (
              <li
                key={row.orderId}
                ref={measure}
                data-index={index}
                class={row.isNew ? 'is-new' : undefined}
                aria-setsize={hasMore ? -1 : rows.length}
                aria-posinset={index + 1}
              >
                <Row row={row} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function Columns() {
  const { columns } = useTexts().orders;
  return (
    <div class="order-row order-row-head" aria-hidden="true">
      <span>{columns.order}</span>
      <span>{columns.items}</span>
      <span class="at-end">{columns.total}</span>
      <span />
      <span>{columns.status}</span>
      <span class="at-end">{columns.age}</span>
    </div>
  );
}

function Row({ row }: { readonly row: OrderRow }) {
  const texts = useTexts();
  const names = useNames();
  const items = row.items.map(({ sku, quantity }) => texts.orders.quantityOf(quantity, names.product(sku)));
  const needs = row.attention.filter(({ clearedAt }) => clearedAt === null);
  return (
    <a class="order-row" href={orderHref(row.orderId)} data-order={row.orderId} data-status={row.status}>
      <span class="order-row-id">
        <span class="customer">{names.customer(row.customerId)}</span>
        <span class="mono muted">{shortId(row.orderId)}</span>
      </span>
      <span class="order-row-items">{items.join(', ')}</span>
      <span class="order-row-total at-end">
        <Money amount={row.total} />
      </span>
      <Progress row={row} />
      <span class="order-row-status">
        <StatusPill status={row.status} />
        {row.reason && <span class="muted small">{reasonText(row.reason, texts)}</span>}
        {needs.map(({ code }) => (
          <span key={code} class="attention-note small">
            <Icon name="flag" />
            {texts.attentionCodes[code]}
          </span>
        ))}
      </span>
      <span class="order-row-age at-end muted">
        <Age at={row.createdAt} bare />
      </span>
    </a>
  );
}
