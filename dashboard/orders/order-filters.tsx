import { useState } from 'preact/hooks';
import { orderStatuses } from '../../schemas/order-status.js';
import { Field } from '../parts/field.js';
import { go, hrefOf, orderHref } from '../router.js';
import { useShop } from '../shop/shop.js';
import { useTexts } from '../texts/language.js';
import type { OrderFilter } from './order-list.js';

/** The filter is part of the URL, so a filtered list can be linked to. */
export function OrderFilters({ filter }: { readonly filter: OrderFilter }) {
  const texts = useTexts();
  const { filter: words } = texts.orders;
  const customers = useShop().value?.customers ?? [];
  const choose = (change: Partial<OrderFilter>) => {
    const { status, customerId } = { ...filter, ...change };
    go(hrefOf('orders', { status: status ?? '', customerId: customerId ?? '' }));
  };
  return (
    <div class="filters" role="group" aria-label={words.title}>
      <Field label={words.status}>
        {(attributes) => (
          <select
            {...attributes}
            value={filter.status ?? ''}
            onChange={(event) => choose({ status: event.currentTarget.value })}
          >
            <option value="">{words.anyStatus}</option>
            {orderStatuses.map((status) => (
              <option key={status} value={status}>
                {texts.statuses[status]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.customer}>
        {(attributes) => (
          <select
            {...attributes}
            value={filter.customerId ?? ''}
            onChange={(event) => choose({ customerId: event.currentTarget.value })}
          >
            <option value="">{words.anyCustomer}</option>
            {customers.map(({ customerId, name }) => (
              <option key={customerId} value={customerId}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <OpenById />
    </div>
  );
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function OpenById() {
  const { filter: words } = useTexts().orders;
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const open = (event: SubmitEvent) => {
    event.preventDefault();
    const id = typed.trim();
    if (UUID.test(id)) go(orderHref(id.toLowerCase()));
    setWrong(!UUID.test(id));
  };
  return (
    <form class="open-by-id" role="search" onSubmit={open} noValidate>
      <Field label={words.search} error={isWrong ? words.notAnId : undefined}>
        {(attributes) => (
          <span class="with-button">
            <input
              {...attributes}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
              class="mono"
              placeholder={words.searchHint}
              autoComplete="off"
              spellcheck={false}
            />
            <button type="submit" class="button">
              {words.open}
            </button>
          </span>
        )}
      </Field>
    </form>
  );
}
