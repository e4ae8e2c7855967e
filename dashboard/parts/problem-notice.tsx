import type { ApiProblem } from '../api/request.js';
import { useTexts } from '../texts/language.js';
import type { Texts } from '../texts/en.js';

interface Props {
  readonly problem: ApiProblem;
  readonly onRetry?: () => void;
}

/** Says what went wrong in the API's own words, and offers to try again. */
export function ProblemNotice({ problem, onRetry }: Props) {
  const texts = useTexts();
  return (
    <div class="notice notice-problem" role="alert">
      <p>
        <strong>{texts.problem.title}.</strong> {explain(problem, texts)}
      </p>
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          {texts.problem.again}
        </button>
      )}
    </div>
  );
}

function explain({ status, document }: ApiProblem, texts: Texts): string {
  if (status === 0) return texts.problem.unreachable;
  if (status === 503) return texts.problem.away;
  if (status === 429) return texts.problem.tooMany;
  return `${document?.title ?? ''}. ${document?.detail ?? ''}`;
}
