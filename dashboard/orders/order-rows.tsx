import { services } from '../../schemas/services.js';
import { Age } from '../parts/age.js';
import { Icon } from '../parts/icon.js';
import { Money } from '../parts/money.js';
import { StatusPill } from '../parts/status.js';
import { orderHref } from '../router.js';
import { useNames } from '../shop/shop.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { reasonText } from '../texts/names.js';
import type { OrderRow } from './order-list.js';
import { Progress } from './progress.js';

/** The rows; on a phone each is a card. */
export function OrderRows({ rows }: { readonly rows: readonly OrderRow[] }) {
  const { columns } = useTexts().orders;
  return (
    <div class="order-rows" style={{ '--lanes': services.length }}>
      <div class="order-row order-row-head" aria-hidden="true">
        <span>{columns.order}</span>
        <span>{columns.items}</span>
        <span class="at-end">{columns.total}</span>
        <span />
        <span>{columns.status}</span>
        <span class="at-end">{columns.age}</span>
      </div>
      <ul>
        {rows.map((row) => (
          <li key={row.orderId}>
            <Row row={row} />
          </li>
        ))}
      </ul>
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
