import { useState } from 'preact/hooks';
import type { Money as Amount } from '../api/documents.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { Loading } from '../parts/loading.js';
import { Money } from '../parts/money.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { orderHref } from '../router.js';
import { useShop, type Shop } from '../shop/shop.js';
import { useTexts } from '../texts/language.js';
import { ItemFields, type DraftItem } from './item-fields.js';
import { usePlacing } from './use-placing.js';

/** The form to place one order, or many alike. */
export function PlaceOrders() {
  const { form } = useTexts().orders;
  const { value: shop, problem, reload } = useShop();
  const isEmpty = shop && (shop.products.length === 0 || shop.customers.length === 0);
  return (
    <section class="card place-orders" aria-labelledby="place-orders">
      <h2 id="place-orders">{form.title}</h2>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!shop && !problem && <Loading />}
      {isEmpty && <p class="empty">{form.empty}</p>}
      {shop && !isEmpty && <OrderForm shop={shop} />}
    </section>
  );
}

const MAX_ORDERS = 100;

function OrderForm({ shop }: { readonly shop: Shop }) {
  const { form } = useTexts().orders;
  const [customerId, setCustomer] = useState(shop.customers[0]?.customerId ?? '');
  const [items, setItems] = useState<readonly DraftItem[]>([{ sku: firstSku(shop), quantity: '1' }]);
  const [howMany, setHowMany] = useState('1');
  const { state, place } = usePlacing();
  const orders = Math.min(MAX_ORDERS, Math.max(1, Math.floor(Number(howMany)) || 1));
  const submit = (event: Event) => {
    event.preventDefault();
    const wanted = items.map(({ sku, quantity }) => ({ sku, quantity: Number(quantity) }));
    void place({ customerId, items: wanted }, orders);
  };
  const total = totalOf(shop, items);
  return (
    <form onSubmit={submit} noValidate>
      <Field label={form.customer} error={state.problem?.at('/customerId')}>
        {(attributes) => (
          <select
            {...attributes}
            value={customerId}
            onChange={(event) => setCustomer(event.currentTarget.value)}
          >
            {shop.customers.map((customer) => (
              <option key={customer.customerId} value={customer.customerId}>
                {customer.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ItemFields shop={shop} items={items} onChange={setItems} problem={state.problem} />
      <Field label={form.howMany} class="how-many">
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            inputMode="numeric"
            min={1}
            max={MAX_ORDERS}
            value={howMany}
            onInput={(event) => setHowMany(event.currentTarget.value)}
          />
        )}
      </Field>
      {total && (
        <p class="form-total">
          <span>{form.total}</span>
          <Money amount={{ ...total, amount: total.amount * orders }} />
        </p>
      )}
      <button type="submit" class="button button-main" disabled={state.isPlacing}>
        {state.isPlacing ? form.placing(state.done, state.all) : form.submit(orders)}
      </button>
      <div role="status">
        {!state.isPlacing && state.last !== undefined && (
          <p class="form-done">
            <Icon name="check" />
            {form.placed(state.done)} <a href={orderHref(state.last)}>{form.watch}</a>
          </p>
        )}
      </div>
      {state.problem && <ProblemNotice problem={state.problem} />}
    </form>
  );
}

const firstSku = ({ products }: Shop): string =>
  products.find(({ sku }) => sku === 'mouse')?.sku ?? products[0]?.sku ?? '';

/** What one order would cost; undefined while a quantity is no number, or currencies are mixed. */
function totalOf({ products }: Shop, items: readonly DraftItem[]): Amount | undefined {
  const prices = items.map(({ sku, quantity }) => {
    const price = products.find((product) => product.sku === sku)?.price;
    return price && { ...price, amount: price.amount * Number(quantity) };
  });
  const currency = prices[0]?.currency;
  if (currency === undefined || prices.some((price) => price?.currency !== currency)) return undefined;
  const amount = prices.reduce((sum, price) => sum + (price?.amount ?? 0), 0);
  return Number.isSafeInteger(amount) ? { amount, currency } : undefined;
}
