import { ViewHead } from '../parts/view-head.js';
import { useTexts } from '../texts/language.js';
import { Customers } from './customers.js';
import { Products } from './products.js';

/** What can be bought and with whose money, and the means to change both. */
export function ShopView() {
  const texts = useTexts();
  return (
    <>
      <ViewHead title={texts.views.shop} lead={texts.shop.lead} />
      <div class="halves">
        <Products />
        <Customers />
      </div>
    </>
  );
}
