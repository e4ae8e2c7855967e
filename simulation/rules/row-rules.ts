import { rule } from './rule.js';
import { disagreements } from './event-rules.js';
import type { Step } from './step.js';

/** What a row keeps, by value, whatever the service: its time, what was ordered, and the outcome on record. */
export function rowRules(step: Step): readonly string[] {
  const { service, was, is, key, commit, now, after } = step;
  const { savedAt, since } = commit;
  const isSaved = is !== was && is.status !== 'NOTHING';
  const outcome = key === undefined ? undefined : after.outcomes.get(`${service} ${key}`);
  return [
    ...rule(
      !isSaved || (savedAt !== undefined && savedAt >= since && savedAt <= now),
      `${service} dated its row ${now - (savedAt ?? 0)} ms back`,
    ),
    ...rule(
      outcome === undefined || outcome === is.status,
      `the inbox of ${service} says ${outcome}, and the row ${is.status}`,
    ),
    ...(is === was ? [] : [is, ...(Object.values(is) as unknown[])]).flatMap((part) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? disagreements(part, step, `the row of ${service}`)
        : [],
    ),
  ];
}
