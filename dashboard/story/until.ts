import type { Story } from './story.js';
import { millis } from './time.js';

/** The story as of a moment, for a replay: leaves out what came later, and reopens what ended later. */
export function storyUntil(story: Story, moment: number): Story {
  const was = (at: string) => millis(at) <= moment;
  return {
    placed: story.placed,
    statuses: story.statuses.filter(({ at }) => was(at)),
    events: story.events.filter(({ occurredAt }) => was(occurredAt)),
    deliveries: new Map([...story.deliveries].filter(([, at]) => at <= moment)),
    drops: story.drops.filter(({ at }) => was(at)),
    quarantined: story.quarantined.filter(({ at }) => was(at)),
    attention: story.attention
      .filter(({ since }) => was(since))
      .map((one) => ({
        ...one,
        clearedAt: one.clearedAt !== null && was(one.clearedAt) ? one.clearedAt : null,
      })),
    attempts: story.attempts
      .filter(({ begunAt }) => was(begunAt))
      .map((one) => (one.endedAt === null || was(one.endedAt) ? one : { ...one, endedAt: null, fate: null })),
    notifications: story.notifications.filter(({ at }) => was(at)),
    operators: story.operators.filter(({ at }) => was(at)),
  };
}
