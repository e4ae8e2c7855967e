import { z } from 'zod';
import type { Face } from '../http/router.js';
import { operation } from '../http/operation.js';
import {
  isProblemName,
  Problem,
  problemNames,
  problems,
  problemType,
  type ProblemName,
} from '../http/problem.js';

const explanation = z
  .strictObject({ type: z.string(), status: z.int(), title: z.string() })
  .meta({ id: 'ProblemExplanation' });

const explain = (name: ProblemName) => ({ type: problemType(name), ...problems[name] });

const list = operation({
  id: 'listProblems',
  summary: 'Lists all problems that a client can meet',
  answers: {
    200: { description: 'The problems', body: z.strictObject({ problems: z.array(explanation) }) },
  },
  caching: 'public',
  handle: () => ({
    status: 200,
    body: { problems: problemNames.map(explain) },
  }),
});

const show = operation({
  id: 'showProblem',
  summary: 'Explains a problem',
  path: z.object({ name: z.string() }),
  answers: { 200: { description: 'The problem', body: explanation } },
  problems: ['not-found'],
  caching: 'public',
  handle: ({ path: { name } }) => {
    if (!isProblemName(name)) throw new Problem('not-found', 'there is no such problem');
    return { status: 200, body: explain(name) };
  },
});

/** Explains the `type` of every problem document, at the address that the type is. */
export const problemListFace: Face = {
  name: 'Problems',
  description: 'What each `type` of a problem document means.',
  resources: { '/problems': { get: list }, '/problems/{name}': { get: show } },
};
