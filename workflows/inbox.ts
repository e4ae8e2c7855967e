import type { InboxDrop, Stray } from '../activities/step.js';
import { isEventType, type EventType } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';
import type { EventId } from '../schemas/ids.js';
import { isUndecodable } from './payload-converter.js';
import { Tally } from './tally.js';

/**
 * What has been signalled to a participant and not been used yet. An event waits here until somebody asks for
 * its type; one whose id this run has accepted with the same content is dropped and counted; what is not
 * shaped like an event is put aside as a stray. Nothing in here throws: a throwing signal handler would stop
 * the participant for good.
 */
export class Inbox {
  readonly drops = new Tally<Omit<InboxDrop, 'seen'>>();
  readonly strays = new Tally<Omit<Stray, 'seen'>>();
  readonly #accepted = new Map<EventId, string>();
  readonly #refused = new Map<string, number>();
  #waiting: readonly SagaEvent[] = [];

  /** Takes a signal in, whatever it is. */
  deliver(signalName: string, args: readonly unknown[]): void {
    const reason = flawOf(signalName, args);
    if (reason === undefined) {
      this.#waiting = [...this.#waiting, { type: signalName, payload: args[0] } as SagaEvent];
      this.#dropRepeats();
    } else {
      const body = JSON.stringify(args).slice(0, MAX_BODY);
      this.strays.count(`${signalName}\n${body}`, { signalName, reason, body });
    }
  }

  /** Removes and returns the first waiting event that is of one of the types. */
  take<Type extends EventType>(types: readonly Type[]): SagaEvent<Type> | undefined {
    return this.#remove((event) => isOf(types, event)) as SagaEvent<Type> | undefined;
  }

  /** Removes and returns the first waiting event that is of none of the types. */
  takeOther(types: readonly EventType[]): SagaEvent | undefined {
    return this.#remove((event) => !isOf(types, event));
  }

  has(types: readonly EventType[]): boolean {
    return this.#waiting.some((event) => isOf(types, event));
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** An event was consumed: its repeats are dropped from now on, and those that wait already. */
  accept({ payload }: SagaEvent): void {
    this.#accepted.set(payload.eventId, JSON.stringify(payload));
    this.#dropRepeats();
  }

  /** An earlier run had consumed the event: it came again. */
  repeated({ payload: { eventId } }: SagaEvent): void {
    this.drops.count(eventId, { eventId });
  }

  /** The event was quarantined, which may happen to this very one again. */
  refused(event: SagaEvent): void {
    this.#refused.set(JSON.stringify(event), this.timesRefused(event) + 1);
  }

  timesRefused(event: SagaEvent): number {
    return this.#refused.get(JSON.stringify(event)) ?? 0;
  }

  #remove(wanted: (event: SagaEvent) => boolean): SagaEvent | undefined {
    const found = this.#waiting.find(wanted);
    this.#waiting = this.#waiting.filter((event) => event !== found);
    return found;
  }

  #dropRepeats(): void {
    const isRepeat = ({ payload }: SagaEvent) =>
      this.#accepted.get(payload.eventId) === JSON.stringify(payload);
    for (const { payload } of this.#waiting.filter(isRepeat))
      this.drops.count(payload.eventId, { eventId: payload.eventId });
    this.#waiting = this.#waiting.filter((event) => !isRepeat(event));
  }
}

const MAX_BODY = 16_384;

const isOf = (types: readonly EventType[], { type }: SagaEvent): boolean => types.includes(type);

/** Only the shape is looked at here; schema, journal and catalogue are checked by the consuming activity. */
function flawOf(signalName: string, args: readonly unknown[]): Stray['reason'] | undefined {
  const [payload] = args;
  if (args.some(isUndecodable)) return 'UNDECODABLE';
  if (!isEventType(signalName)) return 'UNKNOWN_EVENT';
  if (args.length !== 1 || typeof payload !== 'object' || payload === null) return 'NOT_ONE_PAYLOAD';
  return undefined;
}
