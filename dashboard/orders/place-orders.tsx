import { useState } from 'preact/hooks';
import { isWithin, limits } from '../../schemas/limits.js';
import type { Money as Amount, Placement } from '../api/documents.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { Loading } from '../parts/loading.js';
import { Money } from '../parts/money.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { problemAt } from '../parts/problem-words.js';
import { orderHref } from '../router.js';
import { useShop, type Shop } from '../shop/shop.js';
import { useTexts } from '../texts/language.js';
import { ItemFields, orderedItems, type DraftItem } from './item-fields.js';
import { usePlacing } from './placing.js';
import { wholeNumber } from './whole-number.js';

/** The form to place one order, or many of the same. */
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

const ORDERS = { min: 1, max: 100 };

/** Errors at these JSON pointers are shown at their fields. */
const OWN_PLACES = /^\/(customerId|items\/\d+\/(sku|quantity))$/;

function OrderForm({ shop }: { readonly shop: Shop }) {
  const texts = useTexts();
  const { form } = texts.orders;
  const [customerId, setCustomer] = useState(shop.customers[0]?.customerId ?? '');
  const [items, setItems] = useState<readonly DraftItem[]>([{ sku: firstSku(shop), quantity: '1' }]);
  const [howMany, setHowMany] = useState('1');
  const [isChecked, setChecked] = useState(false);
  const { state, place } = usePlacing();
  const orders = wholeNumber(howMany, ORDERS);
  const wanted = orderedItems(items);
  const submit = () => {
    const isReady = orders !== undefined && wanted !== undefined;
    setChecked(!isReady);
    if (isReady) place({ customerId, items: wanted }, orders);
  };
  const total = wanted && totalOf(shop, wanted);
  const isSaid = state.problem?.places.some((where) => OWN_PLACES.test(where));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      noValidate
    >
      <Field label={form.customer} error={problemAt(state.problem, '/customerId', texts)}>
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
      <ItemFields
        shop={shop}
        items={items}
        onChange={setItems}
        isChecked={isChecked}
        problem={state.problem}
      />
      <Field
        label={form.howMany}
        class="how-many"
        error={isChecked && orders === undefined ? form.wholeNumber(ORDERS) : undefined}
      >
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            inputMode="numeric"
            {...ORDERS}
            step={1}
            value={howMany}
            onInput={(event) => setHowMany(event.currentTarget.value)}
          />
        )}
      </Field>
      {total && orders !== undefined && (
        <p class="form-total">
          <span>{form.total}</span>
          <Money amount={{ ...total, amount: total.amount * orders }} />
        </p>
      )}
      <button type="submit" class="button button-main" disabled={state.isPlacing}>
        {state.isPlacing ? form.placing(state.done, state.all) : form.submit(orders ?? 1)}
      </button>
      <div role="status">
        {!state.isPlacing && state.last !== undefined && (
          <p class="form-done">
            <Icon name="check" />
            {form.placed(state.done)} <a href={orderHref(state.last)}>{form.watch}</a>
          </p>
        )}
      </div>
      {state.problem && !isSaid && <ProblemNotice problem={state.problem} onRepeat={submit} />}
    </form>
  );
}

const firstSku = ({ products }: Shop): string =>
  products.find(({ sku }) => sku === 'mouse')?.sku ?? products[0]?.sku ?? '';

/** The price of one order; undefined if currencies are mixed. */
function totalOf({ products }: Shop, items: Placement['items']): Amount | undefined {
  const prices = items.map(({ sku, quantity }) => {
    const price = products.find((product) => product.sku === sku)?.price;
    return price && { ...price, amount: price.amount * quantity };
  });
  const currency = prices[0]?.currency;
  if (currency === undefined || prices.some((price) => price?.currency !== currency)) return undefined;
  const amount = prices.reduce((sum, price) => sum + (price?.amount ?? 0), 0);
  return isWithin(limits.total, amount) ? { amount, currency } : undefined;
}
