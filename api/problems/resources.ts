import { z } from 'zod';
import type { ResourceGroup } from '../http/router.js';
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

const getProblems = operation({
  id: 'listProblems',
  summary: 'Lists every problem a client can meet',
  responses: {
    200: { description: 'The problems', body: z.strictObject({ problems: z.array(explanation) }) },
  },
  caching: 'public',
  handle: () => ({
    status: 200,
    body: { problems: problemNames.map(explain) },
  }),
});

const getProblem = operation({
  id: 'showProblem',
  summary: 'Explains a problem',
  path: z.object({ name: z.string() }),
  responses: { 200: { description: 'The problem', body: explanation } },
  problems: ['not-found'],
  caching: 'public',
  handle: ({ path: { name } }) => {
    if (!isProblemName(name)) throw new Problem('not-found', 'there is no such problem');
    return { status: 200, body: explain(name) };
  },
});

/** The `type` of a problem document is the address of its explanation. */
export const problemsResources: ResourceGroup = {
  name: 'Problems',
  description: 'What each problem `type` means.',
  resources: { '/problems': { get: getProblems }, '/problems/{name}': { get: getProblem } },
};
