import type { Branded, SagaId } from '../core/event.js';

/** A UUID in lower case. Names the order, and so its saga, in every service. */
export type OrderId = SagaId;

export type CustomerId = Branded<string, 'CustomerId'>;
export type Sku = Branded<string, 'Sku'>;

/** An integer count of a currency's smallest unit: won for KRW, cents for EUR. */
export type MinorUnits = Branded<number, 'MinorUnits'>;

/** An ISO 4217 code in capitals. */
export type Currency = Branded<string, 'Currency'>;

/** Where an entry stands in the live feed: text of a fixed width that sorts as the feed does. */
export type EntryId = Branded<string, 'EntryId'>;
