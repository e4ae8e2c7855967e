import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { allPages } from '../api/all-pages.js';
import { api } from '../api/api.js';
import type { Customer, Product } from '../api/documents.js';
import { useRemote, type Remote } from '../api/use-remote.js';

export interface Shop {
  readonly products: readonly Product[];
  readonly customers: readonly Customer[];
}

const ShopContext = createContext<Remote<Shop>>({
  value: undefined,
  problem: undefined,
  reload: () => undefined,
});

/** Loads products and customers once for all views. */
export const ShopProvider = ({ children }: { readonly children: ComponentChildren }) => (
  <ShopContext.Provider value={useRemote('shop', loadShop)}>{children}</ShopContext.Provider>
);

async function loadShop(): Promise<Shop> {
  const [products, customers] = await Promise.all([
    allPages(async (query) => {
      const page = await api.products(query);
      return { entries: page.products, nextCursor: page.nextCursor };
    }),
    allPages(async (query) => {
      const page = await api.customers(query);
      return { entries: page.customers, nextCursor: page.nextCursor };
    }),
  ]);
  return { products, customers };
}

export const useShop = (): Remote<Shop> => useContext(ShopContext);

/** Names by id; an unknown id stands for itself. */
export function useNames() {
  const { value } = useShop();
  return {
    product: (sku: string): string => value?.products.find((one) => one.sku === sku)?.name ?? sku,
    customer: (id: string): string => value?.customers.find((one) => one.customerId === id)?.name ?? id,
  };
}
