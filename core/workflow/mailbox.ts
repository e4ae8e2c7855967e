import { MAX_BODY, type MalformedSignal } from '../activity/effect.js';
import { isEventType, LOOK, type Choreography } from '../choreography.js';
import type { AnyEvent } from '../event.js';
import { isUndecodable } from './payload-converter.js';

/**
 * What has been signalled to a participant and not been used yet. An event waits here until the participant asks for
 * its type (selective receive); a copy of one that waits is only counted. What was used is not remembered: the row
 * decides on a repeat (R8). A look is kept until the participant next reads its row. What is not shaped like an event is put aside as malformed. Nothing in here throws: a
 * throwing signal handler would stop the participant for good.
 */
export class Mailbox {
  readonly malformed = new Counter<Omit<MalformedSignal, 'seen'>>();
  readonly #choreography: Choreography;
  /** Oldest first. */
  readonly #waiting = new Map<string, AnyEvent>();
  readonly #seen = new Map<string, number>();
  #isLookDue = false;

  constructor(choreography: Choreography) {
    this.#choreography = choreography;
  }

  /** Takes a signal in, whatever it is. */
  deliver(signalName: string, args: readonly unknown[]): void {
    const reason = flawOf(this.#choreography, signalName, args);
    if (signalName === LOOK && args.length === 0) {
      this.#isLookDue = true;
    } else if (reason === undefined) {
      this.#buffer({ type: signalName, payload: args[0] } as AnyEvent);
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
    for (const { type } of this.#waiting.values()) if (types.includes(type)) return true;
    return false;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Somebody has asked for a look since the participant last set about reading its row. */
  get isLookDue(): boolean {
    return this.#isLookDue;
  }

  /** An effect begins that will read the row and what is undelivered. */
  lookIsTaken(): void {
    this.#isLookDue = false;
  }

  /** How often this very event has come within this run. */
  timesSeen(event: AnyEvent): number {
    return this.#seen.get(keyOf(event)) ?? 0;
  }

  #buffer(event: AnyEvent): void {
    const key = keyOf(event);
    this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
    if (!this.#waiting.has(key)) this.#waiting.set(key, event);
  }

  #remove(wanted: (event: AnyEvent) => boolean): AnyEvent | undefined {
    for (const [key, event] of this.#waiting) {
      if (!wanted(event)) continue;
      this.#waiting.delete(key);
      return event;
    }
    return undefined;
  }
}

/** Equal for two events of the same content. */
const keyOf = (event: AnyEvent): string => JSON.stringify(event);

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
