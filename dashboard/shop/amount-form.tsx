import { useState } from 'preact/hooks';
import { KeptKey } from '../api/kept-key.js';
import { asProblem, type ApiProblem } from '../api/request.js';
import { Field } from '../parts/field.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { problemAt } from '../parts/problem-words.js';
import { useTexts } from '../texts/language.js';

interface Props {
  readonly label: string;
  readonly action: string;
  /** For whom or what, so that screen readers can tell one button from the next. */
  readonly of: string;
  readonly step: number;
  /** The step for people to read: the smallest amount accepted. */
  readonly least: string;
  /** The JSON pointer at which the API reports a bad number. */
  readonly place: string;
  readonly onSubmit: (amount: number, key: string) => Promise<string>;
}

/** One number and a button. `onSubmit` returns the message to show afterwards. */
export function AmountForm({ label, action, of, step, least, place, onSubmit }: Props) {
  const texts = useTexts();
  const [text, setText] = useState('');
  const [done, setDone] = useState<string>();
  const [isWrong, setWrong] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [key] = useState(() => new KeptKey());
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const isRight = event.currentTarget.checkValidity();
    setWrong(!isRight);
    setDone(undefined);
    setProblem(undefined);
    if (isRight) void send();
  };
  const send = async () => {
    const amount = Number(text);
    try {
      setDone(await key.send(amount, (itsKey) => onSubmit(amount, itsKey)));
      setText('');
      setProblem(undefined);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  const refused = problemAt(problem, place, texts);
  return (
    <form class="amount-form" onSubmit={submit} noValidate>
      <Field label={`${label} ${of}`} error={isWrong ? texts.shop.inSteps(least) : refused}>
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
      {problem && refused === undefined && <ProblemNotice problem={problem} onRepeat={() => void send()} />}
    </form>
  );
}
