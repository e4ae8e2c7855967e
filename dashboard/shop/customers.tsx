import { allPages } from '../api/all-pages.js';
import { api } from '../api/api.js';
import type { Customer, Wallet } from '../api/documents.js';
import type { Remote } from '../api/use-remote.js';
import { Loading } from '../parts/loading.js';
import { Money } from '../parts/money.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { formatMoney, unitsIn } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import { AmountForm } from './amount-form.js';
import { useShop } from './shop.js';

/** The customers and their wallets. */
export function Customers({ wallets }: { readonly wallets: Remote<readonly Wallet[]> }) {
  const { shop } = useTexts();
  const customers = useShop();
  const problem = customers.problem ?? wallets.problem;
  return (
    <section class="card" aria-labelledby="customers">
      <h2 id="customers">{shop.customers}</h2>
      {problem && <ProblemNotice problem={problem} onRetry={wallets.reload} />}
      {!problem && !(customers.value && wallets.value) && <Loading />}
      {customers.value?.customers.length === 0 && <p class="empty">{shop.none}</p>}
      <ul class="entries">
        {wallets.value &&
          customers.value?.customers.map((customer) => (
            <CustomerEntry
              key={customer.customerId}
              customer={customer}
              wallet={wallets.value?.find(({ customerId }) => customerId === customer.customerId)}
              onChange={wallets.reload}
            />
          ))}
      </ul>
    </section>
  );
}

export const loadWallets = () =>
  allPages(async (query) => {
    const { wallets, nextCursor } = await api.wallets(query);
    return { entries: wallets, nextCursor };
  });

/** The currency of a wallet that the first deposit opens. */
const FIRST_CURRENCY = 'KRW';

interface EntryProps {
  readonly customer: Customer;
  readonly wallet: Wallet | undefined;
  readonly onChange: () => void;
}

function CustomerEntry({ customer, wallet, onChange }: EntryProps) {
  const texts = useTexts();
  const { shop } = texts;
  const currency = wallet?.balance.currency ?? FIRST_CURRENCY;
  const units = unitsIn(currency);
  const deposit = async (amount: number, key: string) => {
    const inUnits = { amount: Math.round(amount * units), currency };
    const after = await api.deposit(customer.customerId, inUnits, key);
    onChange();
    return shop.deposited(customer.name, formatMoney(after.balance, texts));
  };
  return (
    <li class="entry" data-customer={customer.customerId}>
      <div class="entry-name">
        <h3>{customer.name}</h3>
        <p class="muted mono">{customer.customerId}</p>
      </div>
      <dl class="figures">
        <div>
          <dt>{shop.balance}</dt>
          <dd>{wallet ? <Money amount={wallet.balance} /> : shop.noWallet}</dd>
        </div>
      </dl>
      <AmountForm
        label={shop.amount(currency)}
        action={shop.deposit}
        of={shop.of(customer.name)}
        step={1 / units}
        least={formatMoney({ amount: 1, currency }, texts)}
        place="/amount/amount"
        onSubmit={deposit}
      />
    </li>
  );
}
