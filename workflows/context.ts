import type { ParticipantContext } from '../core/workflow/context.js';
import type { EventPayloads } from '../schemas/generated/events.js';
import type { PatchName } from './patches.js';

/** What a participant of the shop sees: the shop's events, its own service's effects, and the registered patches. */
export type Context<Effects> = ParticipantContext<EventPayloads, Effects, PatchName>;
