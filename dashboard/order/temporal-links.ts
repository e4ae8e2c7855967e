import type { Service } from '../../schemas/services.js';

/** A participant's page in Temporal's Web UI, derived from the order's link to the list of them (`…/workflows?query=…`). */
export function participantUrl(temporalLink: string, service: Service, orderId: string): string {
  const url = new URL(temporalLink);
  return `${url.origin}${url.pathname}/${service}-${orderId}`;
}
