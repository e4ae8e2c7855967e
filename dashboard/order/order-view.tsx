import { useMemo, useState } from 'preact/hooks';
import type { Service } from '../../schemas/services.js';
import { api } from '../api/api.js';
import { useRemote } from '../api/use-remote.js';
import { Choreography } from '../choreography/choreography.js';
import { Details } from '../choreography/details.js';
import { entryId, Timeline } from '../choreography/timeline.js';
import type { FeedMessage } from '../feed/messages.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { hrefOf } from '../router.js';
import { useAnnounce } from '../shell/announcer.js';
import { marksOf } from '../story/marks.js';
import { hasStarted } from '../story/participants.js';
import { useTexts } from '../texts/language.js';
import { OrderHead } from './order-head.js';
import { participantUrl } from './temporal-links.js';
import { useStory } from './use-story.js';
import type { Order } from '../api/documents.js';

/** One order, and its choreography. */
export function OrderView({ orderId }: { readonly orderId: string }) {
  const texts = useTexts();
  const { value: order, problem, reload } = useRemote(orderId, () => api.order(orderId));
  if (order) return <KnownOrder order={order} />;
  if (!problem) return <Loading />;
  if (problem.status !== 404 && problem.status !== 400)
    return <ProblemNotice problem={problem} onRetry={reload} />;
  return (
    <section class="empty">
      <h1>{texts.order.unknown}</h1>
      <a class="button" href={hrefOf('orders')}>
        {texts.order.back}
      </a>
    </section>
  );
}

function KnownOrder({ order }: { readonly order: Order }) {
  const { orderId } = order;
  const texts = useTexts();
  const announce = useAnnounce();
  const story = useStory(orderId, (message: FeedMessage) => {
    if (message.kind === 'status')
      announce(texts.choreography.status(texts.statuses[message.data.status], undefined));
  });
  const marks = useMemo(() => marksOf(story), [story]);
  const [chosen, choose] = useState<string | null>(null);
  const mark = marks.find(({ key }) => key === chosen);
  const close = () => {
    choose(null);
    if (chosen !== null) document.getElementById(entryId(chosen))?.focus();
  };
  const temporalHref = (service: Service) =>
    hasStarted(story, service) ? participantUrl(order.links.temporal, service, orderId) : undefined;
  return (
    <>
      <OrderHead order={order} story={story} />
      {story.quarantined.length > 0 && (
        <div class="notice notice-attention">
          <p>{texts.order.quarantined(story.quarantined.length)}</p>
          <a class="button" href={hrefOf('operators')}>
            {texts.order.toOperators}
          </a>
        </div>
      )}
      <div class="order-layout">
        <Choreography
          orderId={orderId}
          story={story}
          chosen={mark ? chosen : null}
          onChoose={choose}
          hrefOf={temporalHref}
        />
        <div class="order-side">
          {mark && <Details mark={mark} marks={marks} story={story} onChoose={choose} onClose={close} />}
          <Timeline story={story} marks={marks} chosen={chosen} onChoose={choose} />
        </div>
      </div>
    </>
  );
}
