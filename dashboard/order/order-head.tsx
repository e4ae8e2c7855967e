import type { ComponentChildren } from 'preact';
import type { OrderStatus } from '../../schemas/order-status.js';
import type { Reason } from '../../schemas/reasons.js';
import type { Order } from '../api/documents.js';
import { Age } from '../parts/age.js';
import { CopyId } from '../parts/copy-id.js';
import { Icon } from '../parts/icon.js';
import { Money } from '../parts/money.js';
import { StatusPill } from '../parts/status.js';
import { hrefOf } from '../router.js';
import { useNames } from '../shop/shop.js';
import type { Story } from '../story/story.js';
import { shortId } from '../texts/formats.js';
import type { Texts } from '../texts/en.js';
import { useTexts } from '../texts/language.js';

interface Props {
  readonly order: Order;
  readonly story: Story;
}

/** What was ordered, by whom, and in one sentence where it stands now. */
export function OrderHead({ order, story }: Props) {
  const texts = useTexts();
  const words = texts.order;
  const names = useNames();
  const { status, reason } = story.statuses.at(-1) ?? order;
  const items = order.items.map(({ sku, quantity }) => texts.orders.quantityOf(quantity, names.product(sku)));
  return (
    <section class="order-head">
      <a class="back" href={hrefOf('orders')}>
        <Icon name="arrow" />
        {words.back}
      </a>
      <div class="order-title">
        <h1>{words.title(shortId(order.orderId))}</h1>
        <CopyId id={order.orderId} />
        <StatusPill status={status} />
      </div>
      <dl class="order-facts">
        <Fact name={words.customer}>{names.customer(order.customerId)}</Fact>
        <Fact name={words.items}>{items.join(', ')}</Fact>
        <Fact name={words.total}>
          <Money amount={order.total} />
        </Fact>
        <Fact name={words.placed}>
          <Age at={order.createdAt} />
        </Fact>
      </dl>
      <p class="order-now">{nowOf(status, reason, texts)}</p>
      <p class="order-links">
        <a href={hrefOf('mails', { orderId: order.orderId })}>
          <Icon name="mails" />
          {words.mail}
        </a>
        <a href={order.links.temporal} target="_blank" rel="noreferrer">
          <Icon name="outside" />
          {words.temporal}
        </a>
      </p>
      <Attention story={story} />
    </section>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function nowOf(status: OrderStatus, reason: Reason | null, texts: Texts): string {
  const sentence = texts.order.now[status];
  return typeof sentence === 'string' ? sentence : sentence(reason === null ? '' : texts.reasons[reason]);
}

/** What needs a person, and where to do something about it. */
function Attention({ story }: { readonly story: Story }) {
  const texts = useTexts();
  const open = story.attention.filter(({ clearedAt }) => clearedAt === null);
  return (
    <>
      {open.map(({ code }) => (
        <div key={code} class="notice notice-attention">
          <p>
            <Icon name="flag" />
            <span>
              <strong>{texts.attentionCodes[code]}.</strong> {texts.attentionHints[code]}
            </span>
          </p>
          <a class="button" href={hrefOf('operators')}>
            {texts.order.toOperators}
          </a>
        </div>
      ))}
    </>
  );
}
