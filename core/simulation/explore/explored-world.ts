import type { Choreography } from '../../choreography.js';
import type { SagaId } from '../../event.js';
import type { StoredState } from '../database.js';
import type { SimulatedTemporal } from '../temporal.js';
import { Canonical, digest } from './canonical.js';
import type { ChosenFaults } from './chosen-fault.js';
import type { FaultKind } from './fault-kind.js';
import type { InHand, Workers } from './in-hand.js';
import { textOf, type Move } from './move.js';
import { persistentSet, type Answers } from './reduction.js';
import type { Alarm, Pending, SteppedScheduler } from './stepped.js';

/** What is to be tried in a state. Where `isTentative`, all `others` too if the first move ends a workflow task. */
export interface Moves {
  readonly first: readonly Move[];
  readonly others: readonly Move[];
  readonly isTentative: boolean;
}

/** What a world that is explored consists of. */
export interface WorldParts {
  /** Its one saga. */
  readonly sagaId: SagaId;
  readonly choreography: Choreography;
  readonly scheduler: SteppedScheduler;
  readonly temporal: SimulatedTemporal;
  readonly workers: Workers;
  readonly faults: ChosenFaults;
  readonly kind: FaultKind;
  readonly answers: Answers;
  /** The types of the events that were signalled to a service so far. */
  readonly heardBy: (service: string) => readonly string[];
  readonly stored: () => StoredState;
  /** The part of what is stored that the code of a service may read: its own. */
  readonly viewOf: (service: string, stored: StoredState) => unknown;
  /** What the rules have to know beside what is stored. */
  readonly beside: () => unknown;
  /** The rules that are broken so far. */
  readonly broken: () => readonly string[];
  /** Called at rest, once; resolves with the rules that are broken then. */
  readonly atRest: () => Promise<readonly string[]>;
}

/** A world whose every choice is made from outside. */
export class ExploredWorld {
  readonly parts: WorldParts;
  readonly #canonical: Canonical;
  readonly #awayUntil = new Map<string, number>();

  constructor(parts: WorldParts) {
    this.parts = parts;
    const { temporal, choreography, sagaId } = parts;
    const runs = new RegExp(`\\b(${choreography.services.join('|')})-${sagaId}-(\\d+)\\b`, 'g');
    this.#canonical = new Canonical((text) =>
      text.replaceAll(runs, (_, service: string, number: string) => {
        const before = temporal.runs.slice(0, Number(number)).filter((run) => run.service === service);
        return `${service}#${before.length}`;
      }),
    );
  }

  get isAtRest(): boolean {
    return this.parts.scheduler.isAtRest;
  }

  get trace(): readonly string[] {
    return this.parts.scheduler.trace;
  }

  /** What can be chosen here; all of it where `isReduced` is false. */
  moves(isReduced: boolean): Moves {
    const { scheduler, choreography, kind, faults, answers, heardBy, stored } = this.parts;
    const { pending } = scheduler;
    const all = [...this.#movesOf(pending), ...this.#timeMoves()];
    const everything = { first: all, others: [], isTentative: false };
    if (!isReduced) return everything;
    const isFaulty = faults.left > 0;
    const set = persistentSet({
      ...{ pending, choreography, answers, heardBy, journal: [...stored().journal.values()] },
      canRepeat: isFaulty,
      hasTimePassed: scheduler.hasTimePassed,
      isInTask: (service) => this.#isInTask(service),
      isWild: isFaulty && (kind.befalls === 'TERMINATED' || kind.reachesAnybody === true),
    });
    if (!set) return everything;
    const first = this.#movesOf(set.steps);
    const isChosen = new Set(first.map(textOf));
    return { first, others: all.filter((move) => !isChosen.has(textOf(move))), isTentative: set.isTentative };
  }

  /** Makes a choice; resolves with the faults that its step could have met instead. */
  async take(move: Move): Promise<readonly string[]> {
    const { scheduler, faults } = this.parts;
    faults.begin(move.kind === 'step' ? move.fault : undefined);
    if (move.kind === 'step') {
      if (move.fault !== undefined) scheduler.tell(`  in the next step: ${move.fault}`);
      await scheduler.take(this.#at(move.index));
    } else if (move.kind === 'time') await scheduler.passTime();
    else {
      faults.spend();
      await this.#befall(move);
    }
    return faults.offered;
  }

  /** How often the service's runs were about to close. */
  closingsOf = (service: string): number =>
    this.parts.temporal.runs.reduce((sum, run) => sum + (run.service === service ? run.closings : 0), 0);

  serviceAt(index: number): string {
    return this.#at(index).what.split(' ', 1)[0] ?? '';
  }

  /** The same for two states from which the same can follow. */
  fingerprint(): string {
    return digest(this.describe());
  }

  /** What the fingerprint is made of. */
  describe(): string {
    const { scheduler, temporal, faults, stored, beside, choreography } = this.parts;
    const text = (value: unknown) => this.#canonical.text(value);
    const lines = [
      `${scheduler.now} ${faults.left}`,
      ...this.#storedLines(stored()),
      text(beside()),
      ...choreography.services.map((service) => {
        const runs = temporal.runs.filter((run) => run.service === service);
        const away = Math.max(scheduler.now, this.#awayUntil.get(service) ?? 0) - scheduler.now;
        return `${service} ${runs.length} ${away} ${runs
          .filter(({ isClosed }) => !isClosed)
          .map((run) => text(run.state))
          .join()}`;
      }),
      ...scheduler.pending.map((step) => this.#pendingLine(step)).sort(),
      ...scheduler.alarms.map((alarm) => this.#alarmLine(alarm)).sort(),
    ];
    return lines.join('\n');
  }

  /** The order of entries matters within those of one publisher only. */
  #storedLines({ journal, ...rest }: StoredState): readonly string[] {
    const entries = [...journal.values()];
    const publishers = [...new Set(entries.map(({ publishedBy }) => publishedBy))].sort();
    const text = (value: unknown) => this.#canonical.text(value);
    return [
      ...Object.entries(rest).map(([name, value]) => `${name} ${text(value)}`),
      ...publishers.flatMap((name) =>
        entries.filter(({ publishedBy }) => publishedBy === name).map((entry) => text(entry)),
      ),
    ];
  }

  #pendingLine({ what, isOptional, by }: Pending): string {
    return `pending ${what} ${isOptional} ${this.#inHandLine(by)}`;
  }

  #alarmLine({ at, ms, setIn, by }: Alarm): string {
    return `alarm ${at} ${ms} ${setIn} ${by && !by.isDead ? this.#inHandLine(by) : ''}`;
  }

  #inHandLine(by: InHand | undefined): string {
    if (!by) return '';
    const { viewOf } = this.parts;
    const steps = by.experience.map(({ what, fault, stored }) => [
      what,
      fault,
      this.#canonical.text(viewOf(by.service, stored)),
    ]);
    return `${this.#canonical.text(by.call)} ${by.livesOn} ${by.isForgotten} ${digest(JSON.stringify(steps))}`;
  }

  #movesOf(steps: readonly Pending[]): readonly Move[] {
    const { scheduler, faults, kind, temporal, choreography } = this.parts;
    const indexed = steps.map((step) => ({ step, index: scheduler.pending.indexOf(step) }));
    const taken = indexed.map(({ index }): Move => ({ kind: 'step', index }));
    if (faults.left === 0) return taken;
    const held = indexed
      .filter(({ step }) => kind.holds === true && !step.isOptional && isHoldable(step.what))
      .map(({ index }): Move => ({ kind: 'hold', index }));
    const isAll = steps.length === scheduler.pending.length;
    const acting = new Set(steps.map(({ what }) => what.split(' ', 1)[0]));
    const services = choreography.services.filter((service) => isAll || acting.has(service));
    const { befalls } = kind;
    const isBusy = (service: string) =>
      this.#isInTask(service) ||
      scheduler.pending.some(({ by }) => by !== undefined && by.service === service && !by.isDead);
    if (befalls === 'CRASH')
      return [
        ...taken,
        ...held,
        ...services.filter(isBusy).map((service): Move => ({ kind: 'crash', service })),
      ];
    if (befalls === 'TERMINATED')
      return [
        ...taken,
        ...services
          .filter((service) => temporal.isRunning(service))
          .map((service): Move => ({ kind: 'terminate', service })),
      ];
    const outages = (befalls ?? []).flatMap((ms) =>
      services.map((service): Move => ({ kind: 'outage', service, ms })),
    );
    return [...taken, ...held, ...outages];
  }

  #timeMoves(): readonly Move[] {
    return this.parts.scheduler.canTimePass ? [{ kind: 'time' }] : [];
  }

  async #befall(move: Exclude<Move, { readonly kind: 'step' | 'time' }>): Promise<void> {
    const { scheduler, temporal, workers } = this.parts;
    if (move.kind === 'hold') return scheduler.hold(this.#at(move.index));
    const { service } = move;
    scheduler.tell(`  ${move.kind}: ${service}${move.kind === 'outage' ? ` for ${move.ms} ms` : ''}`);
    if (move.kind === 'terminate') {
      workers.terminated(service);
      temporal.terminate(service);
    } else {
      const ms = move.kind === 'outage' ? move.ms : 0;
      workers.died(service);
      this.#awayUntil.set(service, scheduler.now + ms);
      temporal.isWithout(service, ms);
    }
    await scheduler.settled();
  }

  #at(index: number): Pending {
    const step = this.parts.scheduler.pending[index];
    if (!step) throw new Error(`no step ${index} is possible here`);
    return step;
  }

  #isInTask(service: string): boolean {
    return this.#openRun(service)?.isInTask ?? false;
  }

  #openRun(service: string) {
    return this.parts.temporal.runs.find((run) => run.service === service && !run.isClosed);
  }
}

/** Within its memory a worker is either quick or frozen as a whole, which is another fault. */
const isHoldable = (what: string): boolean => !/ (?:goes on after|prolongs its task)/.test(what);
