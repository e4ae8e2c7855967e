import { limits } from '../../schemas/limits.js';
import type { Placement } from '../api/documents.js';
import type { ApiProblem } from '../api/request.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { problemAt } from '../parts/problem-words.js';
import type { Shop } from '../shop/shop.js';
import { formatMoney } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { wholeNumber } from './whole-number.js';

const { min, max } = limits.quantity;
const QUANTITIES = { min, max };

/** An item in the form, with the quantity as typed. */
export interface DraftItem {
  readonly sku: string;
  readonly quantity: string;
}

/** The items to order; undefined while a quantity is invalid. */
export function orderedItems(items: readonly DraftItem[]): Placement['items'] | undefined {
  const ordered = items.flatMap(({ sku, quantity: typed }) => {
    const quantity = wholeNumber(typed, QUANTITIES);
    return quantity === undefined ? [] : [{ sku, quantity }];
  });
  return ordered.length === items.length ? ordered : undefined;
}

interface Props {
  readonly shop: Shop;
  readonly items: readonly DraftItem[];
  readonly onChange: (items: readonly DraftItem[]) => void;
  /** Whether to point out invalid quantities. */
  readonly isChecked: boolean;
  readonly problem: ApiProblem | undefined;
}

export function ItemFields({ shop, items, onChange, isChecked, problem }: Props) {
  const { form } = useTexts().orders;
  const isFull = items.length >= limits.items.max;
  const unused = isFull
    ? undefined
    : shop.products.find(({ sku }) => items.every((item) => item.sku !== sku));
  const set = (index: number, change: Partial<DraftItem>) =>
    onChange(items.map((item, at) => (at === index ? { ...item, ...change } : item)));
  return (
    <fieldset class="items">
      <legend class="for-screen-readers">{form.product}</legend>
      {items.map((item, index) => (
        <ItemRow
          key={index}
          shop={shop}
          item={item}
          place={`/items/${index}`}
          isChecked={isChecked}
          problem={problem}
          onChange={(change) => set(index, change)}
          onRemove={items.length > 1 ? () => onChange(items.toSpliced(index, 1)) : undefined}
        />
      ))}
      {unused && (
        <button
          type="button"
          class="text-button"
          onClick={() => onChange([...items, { sku: unused.sku, quantity: '1' }])}
        >
          <Icon name="plus" />
          {form.add}
        </button>
      )}
    </fieldset>
  );
}

interface ItemProps {
  readonly shop: Shop;
  readonly item: DraftItem;
  /** The item's JSON pointer in the request. */
  readonly place: string;
  readonly isChecked: boolean;
  readonly problem: ApiProblem | undefined;
  readonly onChange: (change: Partial<DraftItem>) => void;
  readonly onRemove: (() => void) | undefined;
}

function ItemRow({ shop, item, place, isChecked, problem, onChange, onRemove }: ItemProps) {
  const texts = useTexts();
  const { form } = texts.orders;
  const product = shop.products.find(({ sku }) => sku === item.sku);
  const isWrong = isChecked && wholeNumber(item.quantity, QUANTITIES) === undefined;
  const wrong = isWrong ? form.wholeNumber(QUANTITIES) : undefined;
  return (
    <div class="item-row">
      <Field label={form.product} error={problemAt(problem, `${place}/sku`, texts)}>
        {(attributes) => (
          <select
            {...attributes}
            value={item.sku}
            onChange={(event) => onChange({ sku: event.currentTarget.value })}
          >
            {shop.products.map(({ sku, name, price }) => (
              <option key={sku} value={sku}>
                {name}, {formatMoney(price, texts)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={form.quantity} error={wrong ?? problemAt(problem, `${place}/quantity`, texts)}>
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            inputMode="numeric"
            {...QUANTITIES}
            step={1}
            value={item.quantity}
            onInput={(event) => onChange({ quantity: event.currentTarget.value })}
          />
        )}
      </Field>
      {onRemove && (
        <button
          type="button"
          class="icon-button"
          aria-label={form.remove(product?.name ?? item.sku)}
          onClick={onRemove}
        >
          <Icon name="cross" />
        </button>
      )}
    </div>
  );
}
