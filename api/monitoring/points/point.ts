/** A monitoring point in words, and where it is shown. `db/monitoring` computes it under the same name. */
export interface Point {
  /** In English for those who run the system, in Korean for the product owner. */
  readonly meaning: Meaning;
  readonly unit: 'ms' | 's' | 'orders' | 'events' | 'entries' | 'share from 0 to 1';
  /** Its place in the response of `GET /stats`. */
  readonly stats: string;
  readonly metric: Metric;
}

export interface Meaning {
  readonly en: string;
  readonly ko: string;
}

/** A metric family of `GET /metrics`. */
export interface Metric {
  readonly name: `order_saga_${string}`;
  /** A counter never decreases; whatever can decrease is a gauge. */
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** The label that distinguishes the samples. */
  readonly label?: string;
  /** For a family that several points share; otherwise the meaning of the point is the help. */
  readonly help?: string;
}
