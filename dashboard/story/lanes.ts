import { services, type Service } from '../../schemas/services.js';
import type { Story } from './story.js';

/** A lane for every service, and for any other in the story: a newer release may have one more. */
export function lanesOf({ events, drops, quarantined }: Story): readonly Service[] {
  return [
    ...new Set([
      ...services,
      ...events.flatMap(({ publisher, subscribers }) => [publisher, ...subscribers]),
      ...[...drops, ...quarantined].map(({ service }) => service),
    ]),
  ];
}
