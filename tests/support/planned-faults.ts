import { AsyncLocalStorage } from 'node:async_hooks';
import type { EffectContext } from '../../core/activity/effect.js';
import type { Deliver } from '../../core/activity/outbox.js';
import type { OrderId } from '../../schemas/ids.js';
import { sagaIdOf } from '../../core/choreography.js';
import { choreography } from '../../schemas/catalogue.js';
import { RETRY_NOTIFICATION, services } from '../../schemas/services.js';
import { altered, unaddressedBy } from '../../core/simulation/made-up.js';
import type { Plan, PlannedDelivery, PlannedEffect } from '../../simulation/plan.js';
import type { World } from './saga-world.js';
import { workerDies } from './set-back.js';

type Activity = (...args: never[]) => Promise<unknown>;

/** One execution of an activity, which Temporal may take for dead while it goes on. */
interface Execution {
  die(): void;
  /** Resolves when it has really ended, however that was. */
  hasEnded: Promise<unknown>;
}

/** A plan's faults, around the activities, the deliveries and the mail server of a real world. */
export class PlannedFaults {
  /** What happens after an hour only, in the order in which it was put off. */
  readonly late: (() => Promise<unknown>)[] = [];
  readonly #world: World;
  readonly #deliveries: Map<string, PlannedDelivery>;
  readonly #effects: Map<string, PlannedEffect>;
  readonly #executions = new AsyncLocalStorage<Execution>();
  readonly #parked = new Set<string>();
  #struck: Promise<OrderId>;
  #strike: (orderId: OrderId) => void = () => undefined;

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.#struck = new Promise((resolve) => (this.#strike = resolve));
    this.#deliveries = new Map(plan.deliveries);
    this.#effects = new Map(plan.effects);
    world.overrides.clear();
    for (const service of services)
      world.overrides.set(`${service}.publish`, (publish) => this.#mortal(publish));
    for (const point of new Set([...plan.effects.keys(), 'notification giveUp']))
      world.overrides.set(point.replace(' ', '.'), (effect) => this.#mortal(this.#effect(point, effect)));
    world.deliver = (next) => this.#deliver(next);
    world.sendMail = mailServer(world, plan);
  }

  /** Faults happen on the way of this order alone. */
  strikes(orderId: OrderId): void {
    this.#strike(orderId);
  }

  /** An activity that can die: then it ends for Temporal, whatever becomes of it. */
  #mortal(activity: Activity): Activity {
    return (...args) =>
      new Promise((resolve, reject) => {
        const execution: Execution = { die: () => reject(workerDies()), hasEnded: Promise.resolve() };
        const end = this.#executions.run(execution, () => activity(...args));
        execution.hasEnded = end.catch(() => undefined);
        end.then(resolve, reject);
      });
  }

  #effect(point: string, effect: Activity): Activity {
    return async (...args) => {
      const [{ sagaId }] = args as unknown as readonly [EffectContext];
      const fault = sagaId === (await this.#struck) ? await this.#turn(this.#effects, point) : undefined;
      if (fault === 'FAILS') throw new Error('rolled back');
      const result = await effect(...args);
      if (point === 'notification giveUp') this.#callAnOperator(...(args as unknown as GiveUpArgs));
      if (fault === 'ANSWER_LOST') throw new Error('committed, but the answer was lost');
      return result;
    };
  }

  #deliver(next: Deliver): Deliver {
    return async (subscriber, event) => {
      const land = () => next(subscriber, event);
      if (sagaIdOf(choreography, event) !== (await this.#struck)) return land();
      switch (await this.#turn(this.#deliveries, `${event.type} ${subscriber}`)) {
        case undefined:
          return land();
        case 'FAILS':
          throw new Error('unavailable');
        case 'ANSWER_LOST':
          await land();
          throw new Error('delivered, but the answer was lost');
        case 'TWICE':
          await land();
          return land();
        case 'LATER':
          this.late.push(land);
          throw new Error('delivered later, but the answer was lost');
        case 'SWALLOWED':
          this.late.push(land);
          return;
        case 'LOST':
          return;
        case 'ALTERED':
          await next(subscriber, altered(event));
          return land();
        case 'ASTRAY':
          await next(unaddressedBy(choreography, event.type), event);
          return land();
      }
    };
  }

  /** The first time that a point is passed, its fault happens; what the step itself has to do about it is returned. */
  async #turn<Fault extends PlannedDelivery | PlannedEffect>(left: Map<string, Fault>, point: string) {
    const fault = left.get(point);
    left.delete(point);
    if (fault === 'CRASH' || fault === 'TAKEN_FOR_DEAD') this.#execution().die();
    if (fault === 'CRASH') return new Promise<never>(() => undefined);
    if (fault === 'TAKEN_FOR_DEAD' || fault === 'HANGS') return this.#anHour();
    return fault as Exclude<Fault, 'CRASH' | 'TAKEN_FOR_DEAD' | 'HANGS'> | undefined;
  }

  #anHour(): Promise<undefined> {
    const execution = this.#execution();
    return new Promise((resolve) =>
      this.late.push(() => {
        resolve(undefined);
        return execution.hasEnded;
      }),
    );
  }

  #execution(): Execution {
    const execution = this.#executions.getStore();
    if (!execution) throw new Error('a fault happens in an activity only');
    return execution;
  }

  /** Once for each round that is used up. */
  #callAnOperator({ sagaId }: EffectContext, { causeId, round }: GiveUpArgs[1]): void {
    const key = `${causeId} ${round}`;
    if (!this.#parked.has(key)) this.late.push(() => this.#askForRetry(sagaId));
    this.#parked.add(key);
  }

  /** Only a run that is still there can be asked. */
  async #askForRetry(orderId: OrderId): Promise<void> {
    const handle = this.#world.handle('notification', orderId);
    const { status } = await handle.describe();
    if (status.name === 'RUNNING')
      await handle.executeUpdate(RETRY_NOTIFICATION, { args: [{ operator: 'kim' }] });
  }
}

type GiveUpArgs = [context: EffectContext, input: { readonly causeId: string; readonly round: number }];

/** For each order bad for so many attempts, with this fault, and good from then on. */
function mailServer({ mails }: World, { badMails, mailFault }: Plan): World['sendMail'] {
  const attempts = new Map<OrderId, number>();
  return (mail) => {
    const before = attempts.get(mail.orderId) ?? 0;
    attempts.set(mail.orderId, before + 1);
    const isBad = before < badMails;
    if (!isBad || mailFault === 'SENT_BUT_LOST') mails.push(mail);
    if (!isBad) return Promise.resolve();
    const refusal = Object.assign(new Error('450 later'), { responseCode: 450 });
    return Promise.reject(mailFault === 'REFUSED' ? refusal : new Error('connection lost'));
  };
}
