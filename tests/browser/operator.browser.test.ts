import { describe } from 'vitest';
import { openShop } from './shop.js';

openShop({ NOTIFICATION_RETRY_INTERVAL: '1s', NOTIFICATION_MAX_RETRIES: '2' }, '--faults');
describe('trouble', async () => void (await import('./trouble.js')));
describe('looks', async () => void (await import('./looks.js')));
