import { allPages } from '../api/all-pages.js';
import { api } from '../api/api.js';
import type { Product, Stock } from '../api/documents.js';
import type { Remote } from '../api/use-remote.js';
import { Loading } from '../parts/loading.js';
import { Money } from '../parts/money.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { formatNumber } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { AmountForm } from './amount-form.js';
import { useShop } from './shop.js';

/** The products and their stock. */
export function Products({ stock }: { readonly stock: Remote<readonly Stock[]> }) {
  const { shop } = useTexts();
  const products = useShop();
  const problem = products.problem ?? stock.problem;
  return (
    <section class="card" aria-labelledby="products">
      <h2 id="products">{shop.products}</h2>
      {problem && <ProblemNotice problem={problem} onRetry={stock.reload} />}
      {!problem && !(products.value && stock.value) && <Loading />}
      {products.value?.products.length === 0 && <p class="empty">{shop.none}</p>}
      <ul class="entries">
        {stock.value &&
          products.value?.products.map((product) => (
            <ProductEntry
              key={product.sku}
              product={product}
              stock={stock.value?.find(({ sku }) => sku === product.sku)}
              onChange={stock.reload}
            />
          ))}
      </ul>
    </section>
  );
}

export const loadStock = () =>
  allPages(async (query) => {
    const { stock, nextCursor } = await api.stock(query);
    return { entries: stock, nextCursor };
  });

interface EntryProps {
  readonly product: Product;
  readonly stock: Stock | undefined;
  readonly onChange: () => void;
}

function ProductEntry({ product, stock, onChange }: EntryProps) {
  const texts = useTexts();
  const { shop } = texts;
  const restock = async (pieces: number, key: string) => {
    const after = await api.restock(product.sku, pieces, key);
    onChange();
    return shop.restocked(product.name, formatNumber(after.available, texts));
  };
  return (
    <li class="entry" data-sku={product.sku}>
      <div class="entry-name">
        <h3>{product.name}</h3>
        <p class="muted">
          <Money amount={product.price} />
        </p>
      </div>
      <dl class="figures">
        <Figure
          name={shop.available}
          value={stock?.available ?? 0}
          isEmpty={!stock || stock.available === 0}
        />
        <Figure name={shop.reserved} value={stock?.reserved ?? 0} />
      </dl>
      <AmountForm
        label={shop.pieces}
        action={shop.restock}
        of={shop.of(product.name)}
        step={1}
        least={formatNumber(1, texts)}
        place="/quantity"
        onSubmit={restock}
      />
    </li>
  );
}

function Figure({ name, value, isEmpty = false }: { name: string; value: number; isEmpty?: boolean }) {
  const texts = useTexts();
  return (
    <div>
      <dt>{name}</dt>
      <dd class="numbers">{isEmpty ? texts.shop.noStock : formatNumber(value, texts)}</dd>
    </div>
  );
}
