import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { services } from '../../schemas/services.js';

/** The platform could carry any other business: it starts, watches and configures processes. */
const words = new RegExp(
  [...services, 'customer', 'wallet', 'charge', 'refund', 'stock', 'sku', 'shop', 'saga', 'participant'].join(
    '|',
  ),
  'gi',
);
const folder = 'platform';

test.each(readdirSync(folder))('%s knows nothing of the shop', (file) => {
  expect(readFileSync(path.join(folder, file), 'utf8').match(words)).toBeNull();
});
