/** The entry of a patched build: what tells and runs worlds of a product that is wrong. */
export { choicesAgain, choicesOf } from '../../core/simulation/choices.js';
export { traceOf } from '../../simulation/trace.js';
export { runWorld } from '../../simulation/world.js';
