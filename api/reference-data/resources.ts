import type { Pool } from '../../core/postgres/pool.js';
import type { ResourceGroup } from '../http/router.js';
import { getCustomer, getCustomers, putCustomer } from './customers.js';
import { getProduct, getProducts, putProduct } from './products.js';

export const referenceDataResources = (pool: Pool): ResourceGroup => ({
  name: 'Reference data',
  description: 'Customers and products, owned by Order.',
  resources: {
    '/customers': { get: getCustomers(pool) },
    '/customers/{customerId}': { get: getCustomer(pool), put: putCustomer(pool) },
    '/products': { get: getProducts(pool) },
    '/products/{sku}': { get: getProduct(pool), put: putProduct(pool) },
  },
});
