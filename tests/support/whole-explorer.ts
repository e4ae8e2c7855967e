// The explorer with everything that it stands on, in one module: `buildPatched` makes a wrong one of it.
export { explore } from '../../core/simulation/explore/explore.js';
export { replay } from '../../core/simulation/explore/replay.js';
export { shortestViolation } from '../../core/simulation/explore/shortest.js';
export { faultKinds, openWorld } from '../../simulation/explorer.js';
