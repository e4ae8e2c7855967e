// What Temporal finds in the bundle: one workflow type per orchestrated contender.
export { guarded } from './guarded-workflow.js';
export { plain, plainLocally } from './plain-workflow.js';
