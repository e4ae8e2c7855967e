export { bundleForTests as default } from './shared-workflows.js';
