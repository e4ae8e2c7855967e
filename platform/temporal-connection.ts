import type { TemporalConfig } from './config.js';

/** Options that both kinds of Temporal connection understand. */
export function temporalConnectionOptions(config: TemporalConfig) {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS: tls } = config;
  return { address, tls: tls === 'true', ...(apiKey === undefined ? {} : { apiKey }) };
}
