import type { ComponentChildren } from 'preact';
import { isFinal } from '../../schemas/order-status.js';
import type { EventType } from '../../schemas/catalogue.js';
import type { Order } from '../api/documents.js';
import { useKeptList } from '../orders/kept-list.js';
import { Age } from '../parts/age.js';
import { CopyId } from '../parts/copy-id.js';
import { Icon } from '../parts/icon.js';
import { Money } from '../parts/money.js';
import { StatusPill } from '../parts/status.js';
import { hrefOf } from '../router.js';
import { useNames } from '../shop/shop.js';
import { participantsOf } from '../story/participants.js';
import type { Story } from '../story/story.js';
import { shortId } from '../texts/formats.js';
import type { Texts } from '../texts/en.js';
import { useTexts } from '../texts/language.js';
import { reasonText } from '../texts/names.js';

interface Props {
  readonly order: Order;
  readonly story: Story;
}

/** What was ordered and by whom, and one sentence on where it stands. */
export function OrderHead({ order, story }: Props) {
  const texts = useTexts();
  const words = texts.order;
  const names = useNames();
  const { status } = story.statuses.at(-1) ?? order;
  const isTold = order.toldAt !== null || has(story, 'OrderCompletedNotificationSentEvent');
  const items = order.items.map(({ sku, quantity }) => texts.orders.quantityOf(quantity, names.product(sku)));
  return (
    <section class="order-head">
      <a class="back" href={useKeptList().href}>
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
      <p class="order-now">{nowOf({ order, story }, texts)}</p>
      <p class="order-links">
        {(isTold || !isFinal(status)) && (
          <a href={hrefOf('mails', { orderId: order.orderId })}>
            <Icon name="mails" />
            {words.mail}
          </a>
        )}
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

const has = ({ events }: Story, wanted: EventType): boolean => events.some(({ type }) => type === wanted);

function nowOf({ order, story }: Props, texts: Texts): string {
  const { status, reason } = story.statuses.at(-1) ?? order;
  const { now, parked } = texts.order;
  if (status === 'INVENTORY_RESERVED' && participantsOf(story).notification === 'FAILED') return parked;
  const sentence = now[status];
  if (typeof sentence === 'string') return sentence;
  const isRefunded = order.refundedAt !== null || has(story, 'PaymentCancelledEvent');
  return sentence(reason === null ? '' : reasonText(reason, texts), isRefunded);
}

/** Why the order needs a person, with a link to the operators' view. */
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
