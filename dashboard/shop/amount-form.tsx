import { useState } from 'preact/hooks';
import { asProblem, type ApiProblem } from '../api/request.js';
import { Field } from '../parts/field.js';
import { ProblemNotice } from '../parts/problem-notice.js';

interface Props {
  readonly label: string;
  readonly action: string;
  /** For whom or what, so that one button can be told from the next without seeing it. */
  readonly of: string;
  readonly step: number;
  /** Where the API's problem document points when the number is refused. */
  readonly place: string;
  readonly onSubmit: (amount: number) => Promise<string>;
}

/** One number and a button. Says what came of it, in the words that the submission returns. */
export function AmountForm({ label, action, of, step, place, onSubmit }: Props) {
  const [text, setText] = useState('');
  const [done, setDone] = useState<string>();
  const [problem, setProblem] = useState<ApiProblem>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setDone(undefined);
    try {
      setDone(await onSubmit(Number(text)));
      setText('');
      setProblem(undefined);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  const error = problem?.at(place);
  return (
    <form class="amount-form" onSubmit={(event) => void submit(event)} noValidate>
      <Field label={`${label} ${of}`} error={error}>
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            inputMode="decimal"
            step={step}
            min={step}
            placeholder={label}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button" aria-label={`${action} ${of}`} disabled={text === ''}>
        {action}
      </button>
      <p class="amount-done" role="status">
        {done}
      </p>
      {problem && error === undefined && <ProblemNotice problem={problem} />}
    </form>
  );
}
