import { services } from '../../schemas/services.js';
import { Icon } from '../parts/icon.js';
import type { IconName } from '../parts/icon-paths.js';
import { inColourOf, lookOf } from '../parts/service-look.js';
import { progressOf, type Step } from './progress-of.js';
import type { OrderRow } from './order-row.js';

const icons: Partial<Record<Step, IconName>> = { failed: 'cross', undone: 'undo' };

/** How far each service is. Hidden from screen readers, since the status says the same in words. */
export const Progress = ({ row }: { readonly row: OrderRow }) => (
  <span class="progress" aria-hidden="true">
    {services.map((service) => {
      const step = progressOf(service, row);
      return (
        <span key={service} class={`progress-step of-service is-${step}`} style={inColourOf(service)}>
          <Icon name={icons[step] ?? lookOf(service).icon} />
        </span>
      );
    })}
  </span>
);
