import { describe } from 'vitest';
import { openShop } from './shop.js';

openShop();
describe('how fast', async () => void (await import('./speed.js')));
describe('orders', async () => void (await import('./orders.js')));
