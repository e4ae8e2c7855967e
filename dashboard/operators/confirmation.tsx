import { useState } from 'preact/hooks';
import { isOfLength, limits } from '../../schemas/limits.js';
import { asProblem, type ApiProblem } from '../api/request.js';
import { Dialog } from '../parts/dialog.js';
import { Field } from '../parts/field.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { problemAt } from '../parts/problem-words.js';
import { useTexts } from '../texts/language.js';
import { rememberedName, rememberName } from './operator-name.js';

interface Props {
  readonly question: string;
  readonly onConfirm: (operator: string) => Promise<unknown>;
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
  const submit = async (event: Event) => {
    event.preventDefault();
    const operator = name.trim();
    const isName = isOfLength(limits.operator, operator);
    setMissing(!isName);
    if (!isName) return;
    rememberName(operator);
    setBusy(true);
    try {
      await onConfirm(operator);
      onDone();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const refused = problemAt(problem, 'Operator', texts);
  return (
    <Dialog title={question} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
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
        {problem && refused === undefined && <ProblemNotice problem={problem} />}
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
