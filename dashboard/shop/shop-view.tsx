import { useRemote } from '../api/use-remote.js';
import { ViewHead } from '../parts/view-head.js';
import { useTexts } from '../texts/language.js';
import { Customers, loadWallets } from './customers.js';
import { loadStock, Products } from './products.js';
import { useLiveReload } from './use-live-reload.js';

/** Products and customers, with forms to restock and to deposit. */
export function ShopView() {
  const texts = useTexts();
  const stock = useRemote('stock', loadStock);
  const wallets = useRemote('wallets', loadWallets);
  useLiveReload(() => [stock, wallets].forEach(({ reload }) => reload()));
  return (
    <>
      <ViewHead title={texts.views.shop} lead={texts.shop.lead} />
      <div class="halves">
        <Products stock={stock} />
        <Customers wallets={wallets} />
      </div>
    </>
  );
}
