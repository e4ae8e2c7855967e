import { Field } from '../parts/field.js';

interface Props {
  readonly label: string;
  /** In UTC, as in the URL. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** A moment, typed in the visitor's own time. */
export const TimeField = ({ label, value, onChange }: Props) => (
  <Field label={label}>
    {(attributes) => (
      <input
        {...attributes}
        type="datetime-local"
        value={value === null ? '' : localMinute(value)}
        onChange={(event) => onChange(utcOf(event.currentTarget.value))}
      />
    )}
  </Field>
);

/** As the input wants it: `2026-01-31T09:00`. */
function localMinute(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return '';
  const inLocalTime = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return inLocalTime.toISOString().slice(0, 16);
}

const utcOf = (local: string): string | null => (local === '' ? null : new Date(local).toISOString());
