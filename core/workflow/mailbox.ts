import { MAX_BODY, type MalformedSignal } from '../activity/effect.js';
import { boundedJson, isNestedTooDeep } from '../bounds.js';
import { isEventType, LOOK, type Choreography } from '../choreography.js';
import type { AnyEvent } from '../event.js';
import { Undecodable } from './payload-converter.js';
import { WaitingEvents } from './waiting-events.js';

/**
 * What has been signalled to a participant and not been used yet. An event waits here until the participant asks for
 * its type (selective receive); a copy of one that waits is only counted. What was used is not remembered: the row
 * decides on a repeat (R8). A look is kept until the participant next reads its row. What is not shaped like an event
 * is put aside as malformed. Nothing in here throws, since a throwing signal handler would stop the participant for
 * good; and each signal takes the same time, however many there were before.
 */
export class Mailbox {
  readonly malformed = new Counter<Omit<MalformedSignal, 'seen'>>();
  readonly #choreography: Choreography;
  readonly #waiting = new WaitingEvents();
  /** The content of what waits. */
  readonly #contents = new Set<string>();
  readonly #seen = new Map<string, number>();
  #isLookDue = false;

  constructor(choreography: Choreography) {
    this.#choreography = choreography;
  }

  /** Takes a signal in, whatever it is. */
  deliver(signalName: string, args: readonly unknown[]): void {
    const reason = flawOf(this.#choreography, signalName, args);
    if (signalName === LOOK && args.length === 0) this.#isLookDue = true;
    else if (reason !== undefined) this.#putAside(signalName.slice(0, MAX_NAME), reason, args);
    else this.#buffer({ type: signalName, payload: args[0] } as AnyEvent);
  }

  /** Removes and returns the first waiting event that is of one of the types. */
  take(types: readonly string[]): AnyEvent | undefined {
    return this.#taken(this.#waiting.take(types));
  }

  /** Removes and returns the first waiting event that is of none of the types. */
  takeOther(types: readonly string[]): AnyEvent | undefined {
    return this.#taken(this.#waiting.takeOther(types));
  }

  has(types: readonly string[]): boolean {
    return this.#waiting.has(types);
  }

  get isEmpty(): boolean {
    return this.#waiting.isEmpty;
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
    return this.#seen.get(contentOf(event)) ?? 0;
  }

  #buffer(event: AnyEvent): void {
    const content = contentOf(event);
    this.#seen.set(content, (this.#seen.get(content) ?? 0) + 1);
    if (this.#contents.has(content)) return;
    this.#contents.add(content);
    this.#waiting.add(event);
  }

  #taken(event: AnyEvent | undefined): AnyEvent | undefined {
    if (event) this.#contents.delete(contentOf(event));
    return event;
  }

  #putAside(signalName: string, reason: MalformedSignal['reason'], args: readonly unknown[]): void {
    const body = boundedJson(args).slice(0, MAX_BODY);
    this.malformed.count(`${signalName}\n${body}`, { signalName, reason, body });
  }
}

/** An index of the quarantine holds the name, in which PostgreSQL takes no more than 2,704 bytes. */
const MAX_NAME = 200;

/** What makes one event the same as another. */
const contentOf = (event: AnyEvent): string => boundedJson(event);

/** Only the shape is looked at here; schema, journal and catalogue are checked by the consuming activity. */
function flawOf(
  choreography: Choreography,
  signalName: string,
  args: readonly unknown[],
): MalformedSignal['reason'] | undefined {
  const [payload] = args;
  if (args.some(isUndecodable) || isNestedTooDeep(args)) return 'UNDECODABLE';
  if (!isEventType(choreography, signalName)) return 'UNKNOWN_EVENT';
  if (args.length !== 1 || typeof payload !== 'object' || payload === null) return 'NOT_ONE_PAYLOAD';
  return undefined;
}

const isUndecodable = (value: unknown): boolean => value instanceof Undecodable;

/**
 * Counts per run what has to be put on record, each fact with its total so far. Telling a total twice does no harm, so
 * an effect that fails, or runs again after a crash, simply tells it again.
 */
class Counter<Fact> {
  readonly #facts = new Map<string, Counted<Fact>>();
  readonly #unreported = new Map<string, Counted<Fact>>();

  count(key: string, fact: Fact): void {
    const counted = { ...fact, seen: (this.#facts.get(key)?.seen ?? 0) + 1 };
    this.#facts.set(key, counted);
    this.#unreported.set(key, counted);
  }

  /** What has changed since the last report: at most `limit` facts, of about `MAX_REPORT_LENGTH` characters in all. */
  unreported(limit: number): ReadonlyMap<string, Counted<Fact>> {
    const report = new Map<string, Counted<Fact>>();
    let length = 0;
    for (const [key, fact] of this.#unreported) {
      length += key.length;
      if (report.size === limit || length > MAX_REPORT_LENGTH) break;
      report.set(key, fact);
    }
    return report;
  }

  /** The report has arrived; what was counted meanwhile stays unreported. */
  reported(report: ReadonlyMap<string, Counted<Fact>>): void {
    for (const [key, fact] of report) if (this.#unreported.get(key) === fact) this.#unreported.delete(key);
  }

  get isReported(): boolean {
    return this.#unreported.size === 0;
  }
}

/** A report travels with an activity's input, which may be 2 MiB; a character takes up to 3 bytes. */
const MAX_REPORT_LENGTH = 300_000;

type Counted<Fact> = Fact & { readonly seen: number };
