import { Icon } from '../parts/icon.js';
import { inColourOf } from '../parts/service-look.js';
import { useTexts } from '../texts/language.js';

const example = inColourOf('order');

/** What the lines and icons mean. */
export function Legend() {
  const { legend } = useTexts().choreography;
  return (
    <details class="legend">
      <summary>{legend.title}</summary>
      <ul>
        <li>
          <span class="legend-line of-service" style={example} aria-hidden="true" /> {legend.forward}
        </li>
        <li>
          <span class="legend-line tone-failure" aria-hidden="true">
            <Icon name="cross" />
          </span>
          {legend.failure}
        </li>
        <li>
          <span class="legend-line tone-compensation" aria-hidden="true">
            <Icon name="undo" />
          </span>
          {legend.compensation}
        </li>
        <li>
          <span class="legend-line is-on-its-way of-service" style={example} aria-hidden="true" />{' '}
          {legend.onItsWay}
        </li>
        <li>
          <span class="legend-tube of-service" style={example} aria-hidden="true" /> {legend.wait}
        </li>
        <li>
          <span class="legend-sign tone-quiet" aria-hidden="true">
            <Icon name="repeat" />
          </span>
          {legend.dropped}
        </li>
        <li>
          <span class="legend-sign tone-failure" aria-hidden="true">
            <Icon name="shield" />
          </span>
          {legend.quarantined}
        </li>
      </ul>
    </details>
  );
}
