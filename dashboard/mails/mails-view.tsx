import { api } from '../api/api.js';
import type { Mail } from '../api/documents.js';
import { useRemote } from '../api/use-remote.js';
import { Age } from '../parts/age.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ViewHead } from '../parts/view-head.js';
import { hrefOf, orderHref } from '../router.js';
import { useLiveReload } from '../shop/use-live-reload.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';

/** What the mail catcher got, the newest first; of one order, or of all. */
export function MailsView({ orderId }: { readonly orderId: string | null }) {
  const texts = useTexts();
  const { value, problem, reload } = useRemote(`mails ${orderId ?? ''}`, () => api.mails({ orderId }));
  useLiveReload(reload);
  const hasNoCatcher = problem?.status === 404;
  const mails = value?.mails.toReversed() ?? [];
  return (
    <>
      <ViewHead title={texts.views.mails} lead={texts.mails.lead} />
      {orderId !== null && (
        <p class="scope">
          <a href={orderHref(orderId)}>{texts.mails.ofOrder(shortId(orderId))}</a>
          <a class="text-button" href={hrefOf('mails')}>
            {texts.mails.all}
          </a>
        </p>
      )}
      {hasNoCatcher && <p class="empty">{texts.mails.noCatcher}</p>}
      {problem && !hasNoCatcher && <ProblemNotice problem={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value && mails.length === 0 && (
        <p class="empty">{orderId === null ? texts.mails.none : texts.mails.noneOfOrder}</p>
      )}
      <ul class="mails">
        {mails.map((mail) => (
          <MailEntry key={`${mail.messageId} ${mail.at}`} mail={mail} />
        ))}
      </ul>
    </>
  );
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/;

function MailEntry({ mail }: { readonly mail: Mail }) {
  const { mails } = useTexts();
  const orderId = UUID.exec(mail.subject)?.[0];
  return (
    <li class="card mail">
      <header>
        <h2>{orderId === undefined ? mail.subject : mail.subject.replace(orderId, shortId(orderId))}</h2>
        <span class="muted">
          <Age at={mail.at} />
        </span>
      </header>
      <p class="muted">
        {mails.to} {mail.to}
      </p>
      <pre class="mail-text">{mail.text.trim()}</pre>
      {orderId !== undefined && <a href={orderHref(orderId)}>{mails.openOrder}</a>}
    </li>
  );
}
