import { isDeepStrictEqual } from 'node:util';
import { roleOf, subscribersOf, type Choreography } from '../../choreography.js';
import type { StoredEvent } from '../database.js';
import { footprintOf, type Footprint } from './footprint.js';
import type { Pending } from './stepped.js';

/**
 * The types of events that a service may emit because of one of this type: its own for the end of the wait that the
 * event began. Checked against each event that is emitted.
 */
export type Answers = (service: string, causeType: string) => readonly string[];

/** What the reduction asks of a state. */
export interface Situation {
  readonly choreography: Choreography;
  readonly answers: Answers;
  readonly pending: readonly Pending[];
  readonly journal: readonly StoredEvent[];
  /** The types of the events that were signalled to a service so far. */
  readonly heardBy: (service: string) => readonly string[];
  /** Whether its run is in a workflow task, in which signals only wait. */
  readonly isInTask: (service: string) => boolean;
  /** Whether something can fail yet in such a way that it is done once more. */
  readonly canRepeat: boolean;
  /** Whether a wait can have ended. */
  readonly hasTimePassed: boolean;
  /** Whether a step can reach other services than its words say, or the run of its own can be ended. */
  readonly isWild: boolean;
}

/** Steps that alone need to be tried; `isTentative` if that holds only where a CONTINUE among them closes no run. */
export interface PersistentSet {
  readonly steps: readonly Pending[];
  readonly isTentative: boolean;
}

interface Known {
  readonly step: Pending;
  readonly print: Footprint;
}

/**
 * The steps of one service that alone need to be tried in this state, because whatever else can happen before them
 * commutes with them (a persistent set); undefined where all have to be tried.
 *
 * Services share nothing but signals: each has rows, inbox and journal entries of its own, and reads those of others
 * only once they have been signalled. So a step depends on those of its own service, and a signal on what its target
 * hears. A set is persistent if no step of it sends or hears, or if nobody else can signal the service meanwhile, and if
 * nothing signalled meanwhile can make the service take a step beside it.
 */
export function persistentSet(situation: Situation): PersistentSet | undefined {
  const known = situation.pending.flatMap((step): readonly Known[] => {
    const print = footprintOf(step.what);
    return print ? [{ step, print }] : [];
  });
  if (known.length < situation.pending.length) return undefined;
  for (const service of situation.choreography.services) {
    const set = persistentSetOf(service, known, situation);
    if (set) return set;
  }
  return undefined;
}

function persistentSetOf(
  service: string,
  known: readonly Known[],
  situation: Situation,
): PersistentSet | undefined {
  const own = known.filter(({ print }) => print.service === service);
  if (own.every(({ step }) => step.isOptional)) return undefined;
  const others = known.filter(({ print }) => print.service !== service);
  const active = new Set(others.map(({ print }) => print.service));
  const reachable = reachableBy(others, service, situation);
  const isAlone = !reachable.has(service);
  if (!isAlone && (situation.isWild || !situation.isInTask(service))) return undefined;
  const isFree = ({ kind, target = '' }: Footprint) => {
    const isUntouched = target !== service && !active.has(target) && !reachable.has(target);
    return kind === 'SEND' ? !situation.isWild && isUntouched : isAlone || kind !== 'HEAR';
  };
  if (!own.every(({ print }) => isFree(print))) return undefined;
  const isTentative = !isAlone && own.some(({ print }) => print.kind === 'CONTINUE');
  return { steps: own.map(({ step }) => step), isTentative };
}

/**
 * Whom others can signal, directly or by what they signal on, before `idle` takes its next step: with events that they
 * have emitted and perhaps not delivered, and with those that they may emit because of what they have heard.
 */
function reachableBy(others: readonly Known[], idle: string, situation: Situation): ReadonlySet<string> {
  const { choreography, journal, heardBy, hasTimePassed, answers } = situation;
  const reached = new Set<string>();
  const done = new Set<string>();
  const emit = (service: string, causeType: string) => {
    for (const type of answers(service, causeType))
      send(type, causeType, subscribersOf(choreography, type, causeType));
  };
  const send = (type: string, causeType: string | null, targets: readonly string[]) => {
    for (const target of targets) {
      reached.add(target);
      if (target === idle || done.has(`${type} ${causeType} ${target}`)) continue;
      done.add(`${type} ${causeType} ${target}`);
      emit(target, type);
    }
  };
  for (const { print } of others)
    if (print.kind === 'SEND' && print.target !== undefined) reached.add(print.target);
  for (const service of new Set(others.map(({ print }) => print.service))) {
    const own = journal.filter(({ publishedBy }) => publishedBy === roleOf(service));
    for (const stored of own) {
      send(stored.event.type, stored.causeType, leftFor(stored, service, others, situation));
      if (hasTimePassed) emit(service, stored.event.type);
    }
    for (const type of heardBy(service))
      for (const answer of answers(service, type))
        if (!own.some(({ event, causeType }) => event.type === answer && causeType === type))
          send(answer, type, subscribersOf(choreography, answer, type));
  }
  return reached;
}

/** Whom an emitted event has yet to reach, or may reach once more. */
function leftFor(
  { event, causeType, deliveredTo }: StoredEvent,
  service: string,
  others: readonly Known[],
  { choreography, canRepeat }: Situation,
): readonly string[] {
  const subscribers = subscribersOf(choreography, event.type, causeType);
  const { eventId } = event.payload;
  const publishing = others.filter(
    ({ step: { by } }) =>
      by?.service === service && by.call[0] === 'publish' && isDeepStrictEqual(by.call[1], [eventId]),
  );
  const [only, ...more] = publishing;
  if (!only) return deliveredTo === null ? subscribers : [];
  if (more.length > 0 || canRepeat || only.step.by?.isForgotten) return subscribers;
  const { kind, target = '' } = only.print;
  return kind === 'SEND' ? subscribers.slice(subscribers.indexOf(target)) : [];
}
