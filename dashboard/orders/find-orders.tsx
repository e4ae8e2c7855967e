import { useEffect, useId, useState } from 'preact/hooks';
import { Field } from '../parts/field.js';
import { go, orderHref } from '../router.js';
import { useNames, useShop } from '../shop/shop.js';
import { useTexts } from '../texts/language.js';
import type { OrderFilter } from './order-filter.js';
import { readSearch } from './search.js';

interface Props {
  readonly filter: OrderFilter;
  readonly choose: (change: Partial<OrderFilter>) => void;
}

/** One box for an order's id, its beginning, or a customer. A whole id opens the order. */
export function FindOrders({ filter: { id, customerId }, choose }: Props) {
  const { filter: words } = useTexts().orders;
  const customers = useShop().value?.customers ?? [];
  const names = useNames();
  const searched = id ?? (customerId === null ? '' : names.customer(customerId));
  const [typed, setTyped] = useState(searched);
  const [isWrong, setWrong] = useState(false);
  const suggestions = useId();
  useEffect(() => setTyped(searched), [searched]);
  const find = (text: string) => {
    const search = readSearch(text, customers);
    setWrong(search === undefined);
    if (search?.kind === 'order') go(orderHref(search.orderId));
    if (search?.kind === 'orders') choose({ id: search.id, customerId: search.customerId });
  };
  const change = (text: string) => {
    setTyped(text);
    if (text === '') find(text);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    find(typed);
  };
  return (
    <form class="find" role="search" onSubmit={submit} noValidate>
      <Field label={words.search} error={isWrong ? words.notFindable : undefined}>
        {(attributes) => (
          <span class="with-button">
            <input
              {...attributes}
              type="search"
              value={typed}
              list={suggestions}
              onInput={(event) => change(event.currentTarget.value)}
              autoComplete="off"
              spellcheck={false}
            />
            <button type="submit" class="button">
              {words.find}
            </button>
          </span>
        )}
      </Field>
      <datalist id={suggestions}>
        {customers.map((customer) => (
          <option key={customer.customerId} value={customer.name} />
        ))}
      </datalist>
    </form>
  );
}
