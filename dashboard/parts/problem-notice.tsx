import type { ApiProblem } from '../api/request.js';
import { useTexts } from '../texts/language.js';
import { explainProblem } from './problem-words.js';

interface Props {
  readonly problem: ApiProblem;
  /** Loads again. */
  readonly onRetry?: () => void;
  /** Sends the same request again; offered where it may have taken effect. */
  readonly onRepeat?: (() => void) | undefined;
}

/** Says what went wrong, and what can be done. */
export function ProblemNotice({ problem, onRetry, onRepeat }: Props) {
  const texts = useTexts();
  const again = problem.isOutcomeUnknown ? onRepeat : onRetry;
  const title = problem.isOutcomeUnknown ? texts.problem.noAnswer : texts.problem.title;
  return (
    <div class="notice notice-problem" role="alert">
      <p>
        <strong>{title}.</strong> {explainProblem(problem, texts)}
      </p>
      {again && (
        <button type="button" class="button" onClick={again}>
          {texts.problem.again}
        </button>
      )}
    </div>
  );
}
