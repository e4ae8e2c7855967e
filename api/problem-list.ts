import { Router } from 'express';
import { isProblemName, Problem, problems, problemType, type ProblemName } from './http/problem.js';
import { resource } from './http/resource.js';

/** Explains the `type` of every problem document, at the address that the type is. */
export function problemListRouter(): Router {
  const router = Router();
  const explain = (name: ProblemName) => ({ type: problemType(name), ...problems[name] });
  resource(router, '/problems', {
    get: (_, response) =>
      void response.json({ problems: Object.keys(problems).filter(isProblemName).map(explain) }),
  });
  resource(router, '/problems/:name', {
    get: (request, response) => {
      const { name } = request.params;
      if (!isProblemName(name)) throw new Problem('not-found', 'there is no such problem');
      response.json(explain(name));
    },
  });
  return router;
}
