import { useState } from 'preact/hooks';
import { isOfLength, limits } from '../../schemas/limits.js';
import { KeptKey } from '../api/kept-key.js';
import { asProblem, type ApiProblem } from '../api/request.js';
import { Dialog } from '../parts/dialog.js';
import { Field } from '../parts/field.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { problemAt } from '../parts/problem-words.js';
import { useTexts } from '../texts/language.js';
import { rememberedName, rememberName } from './operator-name.js';

interface Props {
  readonly question: string;
  readonly onConfirm: (operator: string, key: string) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks for confirmation and a name. If the API refuses, the dialog stays open and says why. */
export function Confirmation({ question, onConfirm, onDone, onClose }: Props) {
  const texts = useTexts();
  const { confirm } = texts.operators;
  const [name, setName] = useState(rememberedName);
  const [isMissing, setMissing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [key] = useState(() => new KeptKey());
  const submit = async () => {
    const operator = name.trim();
    const isName = isOfLength(limits.operator, operator);
    setMissing(!isName);
    if (!isName) return;
    rememberName(operator);
    setBusy(true);
    try {
      await key.send(operator, (itsKey) => onConfirm(operator, itsKey));
      onDone();
    } catch (error) {
      const next = asProblem(error);
      if (problem?.isOutcomeUnknown && saysItIsDone(next)) return onDone();
      setProblem(next);
      setBusy(false);
    }
  };
  const refused = problemAt(problem, 'Operator', texts);
  return (
    <Dialog title={question} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        noValidate
      >
        <Field label={confirm.name} hint={confirm.nameHint} error={isMissing ? confirm.nameMissing : refused}>
          {(attributes) => (
            <input
              {...attributes}
              autoComplete="off"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        {problem && refused === undefined && (
          <ProblemNotice problem={problem} onRepeat={isBusy ? undefined : () => void submit()} />
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {confirm.no}
          </button>
          <button type="submit" class="button button-main" disabled={isBusy}>
            {confirm.yes}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The first request had taken effect after all. */
const saysItIsDone = ({ document }: ApiProblem): boolean =>
  document?.type === '/problems/quarantine-entry-not-waiting' ||
  document?.type === '/problems/notification-not-parked';
