import { listOpenAttention } from './attention.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Face } from '../http/router.js';
import { listActions } from './operator-actions.js';
import { dismissEntry, listEntries, redriveEntry, showEntry } from '../quarantine/quarantine.js';

/** The operators' face: what needs a person, signals that were refused, and the record of what was done. */
export const operatorFace = (deps: ApiDependencies): Face => ({
  name: 'Operators',
  description: 'What needs a person, signals that were refused, and the record of who asked for what.',
  resources: {
    '/attention': { get: listOpenAttention(deps.pools.operator) },
    '/quarantine': { get: listEntries(deps) },
    '/quarantine/{id}': { get: showEntry(deps) },
    '/quarantine/{id}/redrive': { post: redriveEntry(deps) },
    '/quarantine/{id}/dismissal': { post: dismissEntry(deps) },
    '/operator-actions': { get: listActions(deps.pools.operator) },
  },
});
