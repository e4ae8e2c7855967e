import { useState } from 'preact/hooks';
import { useTexts } from '../texts/language.js';
import { Icon } from './icon.js';

/** Copies the whole id; the page shows only its beginning. */
export function CopyId({ id }: { readonly id: string }) {
  const { order } = useTexts();
  const [isCopied, setCopied] = useState(false);
  // Browsers offer the clipboard only on HTTPS and localhost.
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
