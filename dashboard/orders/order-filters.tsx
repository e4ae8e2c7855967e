import { orderStatuses } from '../../schemas/order-status.js';
import { reasons } from '../../schemas/reasons.js';
import { Field } from '../parts/field.js';
import { go, hrefOf } from '../router.js';
import { useTexts } from '../texts/language.js';
import { reasonText } from '../texts/names.js';
import { FindOrders } from './find-orders.js';
import { isFiltered, queryOf, type OrderFilter } from './order-filter.js';
import { TimeField } from './time-field.js';

interface Props {
  readonly filter: OrderFilter;
}

interface PartProps extends Props {
  readonly choose: (change: Partial<OrderFilter>) => void;
}

/** The filters are part of the URL, so a filtered list can be linked to. */
export function OrderFilters({ filter }: Props) {
  const { filter: words } = useTexts().orders;
  const choose = (change: Partial<OrderFilter>) => go(hrefOf('orders', queryOf({ ...filter, ...change })));
  const isMore = [filter.reason, filter.attention, filter.from, filter.to].some((value) => value !== null);
  return (
    <div class="filters" role="group" aria-label={words.title}>
      <FindOrders filter={filter} choose={choose} />
      <StatusFilter filter={filter} choose={choose} />
      <details class="more-filters" open={isMore}>
        <summary>{words.more}</summary>
        <div class="filters">
          <ReasonFilter filter={filter} choose={choose} />
          <TimeField label={words.from} value={filter.from} onChange={(from) => choose({ from })} />
          <TimeField label={words.to} value={filter.to} onChange={(to) => choose({ to })} />
          <AttentionFilter filter={filter} choose={choose} />
        </div>
      </details>
      {isFiltered(filter) && (
        <a class="clear-filters" href={hrefOf('orders')}>
          {words.clear}
        </a>
      )}
    </div>
  );
}

const FAILED = 'failed';

function StatusFilter({ filter, choose }: PartProps) {
  const texts = useTexts();
  const { filter: words } = texts.orders;
  const change = (value: string) =>
    choose(value === FAILED ? { status: null, failed: 'true' } : { status: value || null, failed: null });
  return (
    <Field label={words.status}>
      {(attributes) => (
        <select
          {...attributes}
          value={filter.failed === null ? (filter.status ?? '') : FAILED}
          onChange={(event) => change(event.currentTarget.value)}
        >
          <option value="">{words.anyStatus}</option>
          <option value={FAILED}>{words.anyFailure}</option>
          {orderStatuses.map((status) => (
            <option key={status} value={status}>
              {texts.statuses[status]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function ReasonFilter({ filter, choose }: PartProps) {
  const texts = useTexts();
  const { filter: words } = texts.orders;
  return (
    <Field label={words.reason}>
      {(attributes) => (
        <select
          {...attributes}
          value={filter.reason ?? ''}
          onChange={(event) => choose({ reason: event.currentTarget.value || null })}
        >
          <option value="">{words.anyReason}</option>
          {reasons.map((reason) => (
            <option key={reason} value={reason}>
              {reasonText(reason, texts)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function AttentionFilter({ filter, choose }: PartProps) {
  const { filter: words } = useTexts().orders;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={filter.attention !== null}
        onChange={(event) => choose({ attention: event.currentTarget.checked ? 'true' : null })}
      />
      {words.attention}
    </label>
  );
}
