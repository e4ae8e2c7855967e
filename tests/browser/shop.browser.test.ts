import { describe } from 'vitest';
import { openShop } from './shop.js';

// One system for all, one after the other. Whatever switches a fault on switches it off again, and `looks` needs a figurine
// that is sold out, which `orders` restocks.
openShop({ NOTIFICATION_RETRY_INTERVAL: '1s', NOTIFICATION_MAX_RETRIES: '2' }, '--faults', '--one-worker');
describe('how fast', async () => void (await import('./speed.js')));
describe('trouble', async () => void (await import('./trouble.js')));
describe('looks', async () => void (await import('./looks.js')));
describe('orders', async () => void (await import('./orders.js')));
