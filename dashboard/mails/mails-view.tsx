import { useState } from 'preact/hooks';
import { api } from '../api/api.js';
import type { Mail } from '../api/documents.js';
import { useRemote } from '../api/use-remote.js';
import { Age } from '../parts/age.js';
import { Field } from '../parts/field.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ViewHead } from '../parts/view-head.js';
import { hrefOf, orderHref } from '../router.js';
import { useLiveReload } from '../shop/use-live-reload.js';
import { shortId } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';

/** The mails in the mail catcher, newest first: all of them, or those of one order. */
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
      {mails.length > 0 && <MailList mails={mails} />}
    </>
  );
}

const PAGE = 25;

/** A page of mails, and more on demand. The search looks in addresses and subjects. */
function MailList({ mails }: { readonly mails: readonly Mail[] }) {
  const texts = useTexts();
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState(PAGE);
  const wanted = typed.trim().toLowerCase();
  const found = mails.filter(({ to, subject }) => `${to} ${subject}`.toLowerCase().includes(wanted));
  return (
    <>
      {mails.length > 1 && (
        <Field label={texts.mails.search} class="mail-search">
          {(attributes) => (
            <input
              {...attributes}
              type="search"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellcheck={false}
            />
          )}
        </Field>
      )}
      {found.length === 0 && <p class="empty">{texts.mails.noneFound}</p>}
      <ul class="mails">
        {found.slice(0, shown).map((mail) => (
          <MailEntry key={`${mail.messageId} ${mail.at}`} mail={mail} />
        ))}
      </ul>
      {found.length > shown && (
        <p>
          <button type="button" class="button" onClick={() => setShown(shown + PAGE)}>
            {texts.list.more}
          </button>
        </p>
      )}
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
