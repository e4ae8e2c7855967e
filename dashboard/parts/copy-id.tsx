import { useState } from 'preact/hooks';
import { useTexts } from '../texts/language.js';
import { Icon } from './icon.js';

/** Copies a whole id, of which the page shows only the beginning. */
export function CopyId({ id }: { readonly id: string }) {
  const { order } = useTexts();
  const [isCopied, setCopied] = useState(false);
  // Over plain HTTP from another machine a browser has no clipboard to offer.
  if (!('clipboard' in navigator)) return null;
  const copy = () => void navigator.clipboard.writeText(id).then(() => setCopied(true));
  return (
    <button type="button" class="icon-button" title={id} aria-label={order.copy} onClick={copy}>
      <Icon name={isCopied ? 'check' : 'copy'} />
      <span class="for-screen-readers" role="status">
        {isCopied && order.copied}
      </span>
    </button>
  );
}
