import type { ParticipantContext } from '../core/workflow/context.js';
import type { EventPayloads } from '../schemas/generated/events.js';

/** What a participant of the shop sees: the shop's events, and its own service's effects. */
export type Context<Effects> = ParticipantContext<EventPayloads, Effects>;
