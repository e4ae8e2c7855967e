import type { OrderStatus } from '../../schemas/order-status.js';
import { useTexts } from '../texts/language.js';
import { Icon } from './icon.js';
import { iconOfTone, toneOfStatus } from './status-tone.js';

/** The status of an order: colour, icon and word say the same. */
export function StatusPill({ status }: { readonly status: OrderStatus }) {
  const tone = toneOfStatus[status];
  return (
    <span class={`pill pill-${tone}`}>
      <Icon name={iconOfTone[tone]} />
      {useTexts().statuses[status]}
    </span>
  );
}
