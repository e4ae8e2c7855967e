import { MAX_BODY, type DroppedRepeat, type MalformedSignal } from '../activity/effect.js';
import { isEventType, type Choreography } from '../choreography.js';
import type { AnyEvent, EventId } from '../event.js';
import { isUndecodable } from './payload-converter.js';

/**
 * What has been signalled to a participant and not been used yet. An event waits here until the participant asks for
 * its type (selective receive). One whose id this run has accepted with the same content is dropped and counted; what
 * is not shaped like an event is put aside as malformed. Nothing in here throws: a throwing signal handler would stop
 * the participant for good.
 */
export class Mailbox {
  readonly repeats = new Counter<Omit<DroppedRepeat, 'seen'>>();
  readonly malformed = new Counter<Omit<MalformedSignal, 'seen'>>();
  readonly #choreography: Choreography;
  readonly #accepted = new Map<EventId, string>();
  readonly #refused = new Map<string, number>();
  #waiting: readonly AnyEvent[] = [];

  constructor(choreography: Choreography) {
    this.#choreography = choreography;
  }

  /** Takes a signal in, whatever it is. */
  deliver(signalName: string, args: readonly unknown[]): void {
    const reason = flawOf(this.#choreography, signalName, args);
    if (reason === undefined) {
      this.#waiting = [...this.#waiting, { type: signalName, payload: args[0] } as AnyEvent];
      this.#dropRepeats();
    } else {
      const body = JSON.stringify(args).slice(0, MAX_BODY);
      this.malformed.count(`${signalName}\n${body}`, { signalName, reason, body });
    }
  }

  /** Removes and returns the first waiting event that is of one of the types. */
  take(types: readonly string[]): AnyEvent | undefined {
    return this.#remove(({ type }) => types.includes(type));
  }

  /** Removes and returns the first waiting event that is of none of the types. */
  takeOther(types: readonly string[]): AnyEvent | undefined {
    return this.#remove(({ type }) => !types.includes(type));
  }

  has(types: readonly string[]): boolean {
    return this.#waiting.some(({ type }) => types.includes(type));
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** An event was consumed: its repeats are dropped from now on, and those that wait already. */
  accept({ payload }: AnyEvent): void {
    this.#accepted.set(payload.eventId, JSON.stringify(payload));
    this.#dropRepeats();
  }

  /** An earlier run had consumed the event: it came again. */
  repeated({ payload: { eventId } }: AnyEvent): void {
    this.repeats.count(eventId, { eventId });
  }

  /** The event was quarantined, which may happen to this very one again. */
  refused(event: AnyEvent): void {
    this.#refused.set(JSON.stringify(event), this.timesRefused(event) + 1);
  }

  timesRefused(event: AnyEvent): number {
    return this.#refused.get(JSON.stringify(event)) ?? 0;
  }

  #remove(wanted: (event: AnyEvent) => boolean): AnyEvent | undefined {
    const found = this.#waiting.find(wanted);
    this.#waiting = this.#waiting.filter((event) => event !== found);
    return found;
  }

  #dropRepeats(): void {
    const isRepeat = ({ payload }: AnyEvent) =>
      this.#accepted.get(payload.eventId) === JSON.stringify(payload);
    for (const event of this.#waiting.filter(isRepeat)) this.repeated(event);
    this.#waiting = this.#waiting.filter((event) => !isRepeat(event));
  }
}

/** Only the shape is looked at here; schema, journal and catalogue are checked by the consuming activity. */
function flawOf(
  choreography: Choreography,
  signalName: string,
  args: readonly unknown[],
): MalformedSignal['reason'] | undefined {
  const [payload] = args;
  if (args.some(isUndecodable)) return 'UNDECODABLE';
  if (!isEventType(choreography, signalName)) return 'UNKNOWN_EVENT';
  if (args.length !== 1 || typeof payload !== 'object' || payload === null) return 'NOT_ONE_PAYLOAD';
  return undefined;
}

/**
 * Counts per run what has to be put on record, each fact with its total so far. Telling a total twice does no harm, so
 * an effect that fails, or runs again after a crash, simply tells it again.
 */
class Counter<Fact> {
  readonly #facts = new Map<string, Counted<Fact>>();
  readonly #unreported = new Set<string>();

  count(key: string, fact: Fact): void {
    this.#facts.set(key, { ...fact, seen: (this.#facts.get(key)?.seen ?? 0) + 1 });
    this.#unreported.add(key);
  }

  /** What has changed since the last report, at most `limit` facts. */
  unreported(limit: number): ReadonlyMap<string, Counted<Fact>> {
    return new Map([...this.#facts].filter(([key]) => this.#unreported.has(key)).slice(0, limit));
  }

  /** The report has arrived; what was counted meanwhile stays unreported. */
  reported(report: ReadonlyMap<string, Counted<Fact>>): void {
    for (const [key, { seen }] of report)
      if (this.#facts.get(key)?.seen === seen) this.#unreported.delete(key);
  }

  get isReported(): boolean {
    return this.#unreported.size === 0;
  }
}

type Counted<Fact> = Fact & { readonly seen: number };
