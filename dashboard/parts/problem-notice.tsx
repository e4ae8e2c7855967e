import type { ApiProblem } from '../api/request.js';
import { useTexts } from '../texts/language.js';
import { explainProblem } from './problem-words.js';

interface Props {
  readonly problem: ApiProblem;
  readonly onRetry?: () => void;
}

/** Says what went wrong, and offers a retry. */
export function ProblemNotice({ problem, onRetry }: Props) {
  const texts = useTexts();
  return (
    <div class="notice notice-problem" role="alert">
      <p>
        <strong>{texts.problem.title}.</strong> {explainProblem(problem, texts)}
      </p>
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          {texts.problem.again}
        </button>
      )}
    </div>
  );
}
