import { expect, test } from 'vitest';
import type { ApiClient } from '../../tools/demo/api-client.js';
import { openShop } from '../../tools/demo/shop.js';

test('what a demo leaves behind comes after the demo data in lists, which go by id', async () => {
  const api = new Proxy({}, { get: () => () => Promise.resolve() }) as ApiClient;
  const { rich, poor, plenty, soldOut } = await openShop(api, '00000000');
  for (const customer of [rich, poor]) expect(customer > 'bob').toBe(true);
  for (const sku of [...plenty, soldOut]) expect(sku > 'mouse').toBe(true);
});
