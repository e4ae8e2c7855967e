import type { EffectContext, EffectResult } from '../../core/activity/effect.js';
import type { AnyEvent } from '../../core/event.js';
import type { AnyParticipant } from '../../core/workflow/participant.js';
import type { Service } from '../../schemas/services.js';
import { participants } from '../../workflows/participants.js';

/** Runs the effect by which the service's participant answers the event; one that it has no effect for is inspected. */
export async function applyEvent(
  service: Service,
  effects: object,
  context: EffectContext,
  event: AnyEvent,
): Promise<EffectResult<{ readonly status: string }>> {
  const { begins, run, react }: AnyParticipant = participants[service];
  const call = (name: string, input: unknown) =>
    (effects as Readonly<Record<string, (context: EffectContext, input: unknown) => Promise<unknown>>>)[
      name
    ]?.(context, input);
  const effect = (then: (applied: unknown) => unknown) =>
    new Proxy({}, { get: (_, name: string) => (input: unknown) => then(call(name, input)) });
  const applied = begins.includes(event.type)
    ? new Promise((resolve) => {
        // The participant gets no answer, and so goes no further than its first effect.
        const first = effect((result) => (resolve(result), new Promise(() => undefined)));
        const take = (type: string) => (type === event.type ? event : undefined);
        void run({ take, once: first, ensure: first } as never);
      })
    : (react({ ensure: effect((result) => result) } as never, event as never) ?? call('inspect', event));
  return (await applied) as EffectResult<{ readonly status: string }>;
}
