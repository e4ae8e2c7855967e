import { services } from '../../schemas/services.js';
import { Icon, type IconName } from '../parts/icon.js';
import { progressOf, type Step } from './progress-of.js';
import type { OrderRow } from './order-list.js';

const icons: Partial<Record<Step, IconName>> = { failed: 'cross', undone: 'undo' };

/** The four services in a row, each as far as it has come; the status beside it says the same in words. */
export const Progress = ({ row }: { readonly row: OrderRow }) => (
  <span class="progress" aria-hidden="true">
    {services.map((service, index) => {
      const step = progressOf(row)[index] ?? 'idle';
      return (
        <span key={service} class={`progress-step of-${service} is-${step}`}>
          <Icon name={icons[step] ?? service} />
        </span>
      );
    })}
  </span>
);
