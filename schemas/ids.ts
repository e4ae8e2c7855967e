declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A UUID in lower case. Names the order in every service. */
export type OrderId = Branded<string, 'OrderId'>;

/** A name-based UUID of (order, event type, cause), so that a repeated step repeats the same event. */
export type EventId = Branded<string, 'EventId'>;

/** The UUID of the HTTP request that placed the order; every event of its saga carries it. */
export type CorrelationId = Branded<string, 'CorrelationId'>;

export type CustomerId = Branded<string, 'CustomerId'>;
export type Sku = Branded<string, 'Sku'>;

/** An integer count of a currency's smallest unit: won for KRW, cents for EUR. */
export type MinorUnits = Branded<number, 'MinorUnits'>;

/** An ISO 4217 code in capitals. */
export type Currency = Branded<string, 'Currency'>;

/** Milliseconds since 1970-01-01T00:00Z. */
export type EpochMillis = Branded<number, 'EpochMillis'>;

/** Where an entry stands in the live feed: text of a fixed width that sorts as the feed does. */
export type EntryId = Branded<string, 'EntryId'>;
