import { describe } from 'vitest';
import { openArchive } from './archive.js';

openArchive();
describe('a long list', async () => void (await import('./long-list.js')));
describe('finding orders', async () => void (await import('./find.js')));
describe('many tabs', async () => void (await import('./tabs.js')));
