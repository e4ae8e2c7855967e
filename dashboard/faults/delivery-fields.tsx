import { useId } from 'preact/hooks';
import { limits } from '../../schemas/limits.js';
import { formatPercent } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';
import type { DeliveryFaults } from '../api/documents.js';

interface Props {
  readonly deliveries: DeliveryFaults;
  readonly onChange: (deliveries: DeliveryFaults) => void;
}

const USUAL_DELAY = 2_000;

/** How likely a delivery is to go wrong, and how. */
export function DeliveryFields({ deliveries, onChange }: Props) {
  const { faults } = useTexts();
  const set = (change: Partial<DeliveryFaults>) => {
    const next = { ...deliveries, ...change };
    const needsTime = next.duplicate + next.delay + next.reorder > 0 && next.maxDelayMs === 0;
    onChange(needsTime ? { ...next, maxDelayMs: USUAL_DELAY } : next);
  };
  return (
    <fieldset class="deliveries">
      <legend>{faults.deliveries}</legend>
      <Chance
        name={faults.duplicate}
        text={faults.duplicateText}
        value={deliveries.duplicate}
        onChange={(duplicate) => set({ duplicate })}
      />
      <Chance
        name={faults.delay}
        text={faults.delayText}
        value={deliveries.delay}
        onChange={(delay) => set({ delay })}
      />
      <Chance
        name={faults.reorder}
        text={faults.reorderText}
        value={deliveries.reorder}
        onChange={(reorder) => set({ reorder })}
      />
      <label class="latest">
        <span>{faults.maxDelay}</span>
        <input
          type="number"
          min={limits.faultDelay.min}
          max={limits.faultDelay.max}
          step={100}
          value={deliveries.maxDelayMs}
          onInput={(event) => set({ maxDelayMs: event.currentTarget.valueAsNumber || 0 })}
        />
      </label>
    </fieldset>
  );
}

interface ChanceProps {
  readonly name: string;
  readonly text: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Chance({ name, text, value, onChange }: ChanceProps) {
  const texts = useTexts();
  const id = useId();
  const shown = formatPercent(value, texts);
  return (
    <div class="chance">
      <label for={id}>
        <strong>{name}</strong> <span class="muted">{text}</span>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={value}
        aria-valuetext={shown}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <output class="numbers" for={id}>
        {shown}
      </output>
    </div>
  );
}
