import { useState } from 'preact/hooks';
import { limits } from '../../schemas/limits.js';
import type { ServiceFaults } from '../api/documents.js';
import { Age } from '../parts/age.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { inColourOf, lookOf } from '../parts/service-look.js';
import { useTexts } from '../texts/language.js';
import { serviceName } from '../texts/names.js';
import { operatorName } from '../api/operator-header.js';
import { DeliveryFields } from './delivery-fields.js';
import {
  isNormal,
  modeOf,
  modesOf,
  noFaults,
  switchesOf,
  switchIn,
  withMode,
  type Faults,
  type SwitchName,
} from './switches.js';

interface Props {
  readonly faults: ServiceFaults;
  readonly isAllowed: boolean;
  readonly onApply: (faults: Faults) => void;
}

/** One service's switches: the current state, and the draft of the next. */
export function ServiceSwitches({ faults, isAllowed, onApply }: Props) {
  const texts = useTexts();
  const [wanted, setWanted] = useState(() => switchesOf(faults));
  const { service } = faults;
  const name = switchIn(wanted);
  const heading = `faults-${service}`;
  const submit = (event: Event) => {
    event.preventDefault();
    onApply(wanted);
  };
  return (
    <section
      class="card switches of-service"
      style={inColourOf(service)}
      aria-labelledby={heading}
      data-faults={service}
    >
      <h2 id={heading}>
        <span class="lane-icon">
          <Icon name={lookOf(service).icon} />
        </span>
        {serviceName(service, texts)}
        {!isNormal(switchesOf(faults)) && (
          <span class="pill pill-failed">
            <Icon name="faults" />
            {texts.faults.on}
          </span>
        )}
      </h2>
      <form onSubmit={submit}>
        <fieldset disabled={!isAllowed}>
          {name && <OwnSwitch service={service} name={name} wanted={wanted} onChange={setWanted} />}
          <DeliveryFields
            deliveries={wanted.deliveries}
            onChange={(deliveries) => setWanted({ ...wanted, deliveries })}
          />
          <div class="switch-actions">
            <button type="submit" class="button button-main">
              {texts.faults.apply}
            </button>
            {!isNormal(switchesOf(faults)) && (
              <button type="button" class="button" onClick={() => onApply(noFaults(switchesOf(faults)))}>
                {texts.faults.reset}
              </button>
            )}
            <Changed faults={faults} />
          </div>
        </fieldset>
      </form>
    </section>
  );
}

interface OwnSwitchProps {
  readonly service: string;
  readonly name: SwitchName;
  readonly wanted: Faults;
  readonly onChange: (wanted: Faults) => void;
}

/** How the service's own work goes: a choice of modes, each with a sentence on what to expect. */
function OwnSwitch({ service, name, wanted, onChange }: OwnSwitchProps) {
  const { faults: words } = useTexts();
  const mode = modeOf(wanted);
  return (
    <div class="own-switch">
      <fieldset class="modes">
        <legend>{words[name]}</legend>
        {modesOf[name].map((one) => (
          <label key={one} class="mode">
            <input
              type="radio"
              name={`mode-${service}`}
              value={one}
              checked={one === mode}
              onChange={() => onChange(withMode(wanted, one))}
            />
            <span class="mode-text">
              <strong>{words.modes[one].name}</strong>
              <span class="muted">{words.modes[one].text}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {wanted.mail && mode === 'REFUSE' && (
        <Field label={words.refusals} class="how-many">
          {(attributes) => (
            <input
              {...attributes}
              type="number"
              min={1}
              max={limits.faultRefusals.max}
              value={wanted.mail?.refusals}
              onInput={(event) =>
                onChange({
                  ...wanted,
                  mail: { mode: 'REFUSE', refusals: event.currentTarget.valueAsNumber || 1 },
                })
              }
            />
          )}
        </Field>
      )}
    </div>
  );
}

function Changed({ faults: { changedAt, changedBy } }: { readonly faults: ServiceFaults }) {
  const { faults: words } = useTexts();
  if (changedAt === null) return <span class="muted small">{words.never}</span>;
  return (
    <span class="muted small">
      {operatorName(changedBy ?? '')} · <Age at={changedAt} />
    </span>
  );
}
