import type { ApiDependencies } from '../dependencies.js';
import { getErasures, postErasure } from '../erasure/erasures.js';
import type { ResourceGroup } from '../http/router.js';
import { getEntry } from '../quarantine/get-entry.js';
import { listEntries } from '../quarantine/list-entries.js';
import { postDismissal } from '../quarantine/post-dismissal.js';
import { postRedrive } from '../quarantine/post-redrive.js';
import { getAttention } from './attention.js';
import { getOperatorActions } from './operator-actions.js';

export const operatorResources = (deps: ApiDependencies): ResourceGroup => ({
  name: 'Operators',
  description:
    'What needs a person, the quarantine of refused signals, the record of operator actions, and erasure.',
  resources: {
    '/attention': { get: getAttention(deps.pools.operator) },
    '/quarantine': { get: listEntries(deps) },
    '/quarantine/{id}': { get: getEntry(deps) },
    '/quarantine/{id}/redrive': { post: postRedrive(deps) },
    '/quarantine/{id}/dismissal': { post: postDismissal(deps) },
    '/customers/{customerId}/erasures': { get: getErasures(deps), post: postErasure(deps) },
    '/operator-actions': { get: getOperatorActions(deps.pools.operator) },
  },
});
