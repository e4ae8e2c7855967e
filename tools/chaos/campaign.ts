import { setTimeout as sleep } from 'node:timers/promises';
import { isOk } from '../../platform/is-ok.js';
import type { Holdings } from '../demo/audit.js';
import { takeStock } from '../demo/audit.js';
import type { DemoShop } from '../demo/shop.js';
import { seededRandom } from '../demo/random.js';
import { Customers } from './customers.js';
import { insist } from './insist.js';
import { kinds, type Fault, type Stage } from './kinds.js';
import type { Plan, Strike } from './plan.js';
import type { Struck } from './report.js';
import { isOpen, parked, retryAll, standings, untilNoneIsOpen } from './standing.js';
import type { Build, ChaosSystem } from './system.js';

export interface CampaignOptions {
  readonly plan: Plan;
  readonly system: ChaosSystem;
  readonly otherBuild: Build | undefined;
  readonly signal: AbortSignal;
  /** In ms since the start; no fault begins later. */
  readonly budget: number;
  /** In ms; by then an order is final or parked, whatever happened to it. */
  readonly limit: number;
  readonly onProgress: (faults: number) => void;
}

/** Orders are placed shortly before a fault, and while it lasts. */
const SHORTLY = 400;

/** Plays a plan: customers order while faults come and go, and wait in the end until everything has come to rest. */
export class Campaign {
  readonly struck: Struck[] = [];
  readonly placedAgain = new Set<string>();
  readonly retried = new Set<string>();
  /** Orders that PostgreSQL was set back with: a mail may have gone out that it has forgotten. */
  readonly setBack = new Set<string>();
  readonly findings: string[] = [];
  /** The kinds that this machine cannot make, and why. */
  readonly left: Record<string, string> = {};
  restedAfter = 0;
  readonly #options: CampaignOptions;
  readonly #customers: Customers;
  readonly #random: () => number;
  #before: Holdings | undefined;
  #shop: DemoShop | undefined;

  constructor(options: CampaignOptions) {
    this.#options = options;
    const { plan, system, signal } = options;
    this.#random = seededRandom(plan.seed + 1);
    this.#customers = new Customers(system.apiUrl, this.#random, signal);
  }

  /** What was in the shop before the first order, and what is in it now. */
  async holdings(): Promise<readonly [Holdings, Holdings]> {
    if (!this.#before || !this.#shop) throw new Error('the shop is not open');
    return [this.#before, await takeStock(this.#customers.api, this.#shop)];
  }

  async run(): Promise<void> {
    await this.#open();
    await this.#strikeAll();
    await this.#settle();
  }

  async #open(): Promise<void> {
    const { system, limit, signal } = this.#options;
    this.#shop = await this.#customers.open();
    this.#before = await takeStock(this.#customers.api, this.#shop);
    this.#customers.order(0);
    await this.#customers.answered();
    await untilNoneIsOpen(system.audited.databaseUrl, limit, signal);
  }

  async #strikeAll(): Promise<void> {
    const { plan, signal, budget, onProgress } = this.#options;
    const begunAt = Date.now();
    let placed = 1;
    for (const [index, strike] of plan.strikes.entries()) {
      if (signal.aborted || Date.now() - begunAt > budget) return;
      const until = Math.round((plan.orders * (index + 1)) / plan.strikes.length);
      for (; placed < until; placed++) this.#customers.order(this.#momentFor(strike));
      await this.#strike(strike);
      onProgress(this.struck.length);
    }
  }

  /** Half of the orders are on their way when the fault strikes. */
  #momentFor({ calmMs, faults }: Strike): number {
    if (this.#random() < 0.5) return Math.max(0, calmMs - this.#random() * SHORTLY);
    return calmMs + this.#random() * Math.max(...faults.map(({ ms }) => ms));
  }

  async #strike({ calmMs, faults }: Strike): Promise<void> {
    const { signal, system } = this.#options;
    await sleep(calmMs, undefined, { signal });
    const possible = faults.filter((fault) => this.#isPossible(fault));
    const inFlight = await standings(system.audited.databaseUrl).then(
      (all) => all.filter(isOpen).map(({ orderId }) => orderId),
      () => undefined,
    );
    this.struck.push(...possible.map(({ kind }) => ({ kind, inFlight })));
    await Promise.all(possible.map((fault) => this.#make(fault)));
  }

  async #make(fault: Fault): Promise<void> {
    await kinds[fault.kind]?.strike(this.#stage, fault);
  }

  #isPossible({ kind }: Fault): boolean {
    const lacks = kinds[kind]?.lacks?.(this.#options.system);
    if (lacks !== undefined) this.left[kind] = lacks;
    return lacks === undefined;
  }

  get #stage(): Stage {
    const { system, signal, otherBuild } = this.#options;
    return { system, signal, otherBuild, onSetBack: () => this.#noteSetBack() };
  }

  async #noteSetBack(): Promise<void> {
    const open = (await standings(this.#options.system.audited.databaseUrl)).filter(
      ({ isFinal }) => !isFinal,
    );
    for (const { orderId } of open) this.setBack.add(orderId);
    this.#hasBeenSetBack = true;
  }

  #hasBeenSetBack = false;

  async #settle(): Promise<void> {
    const { system, limit, signal } = this.#options;
    const { databaseUrl } = system.audited;
    await untilReady(system, limit, signal);
    await this.#customers.answered();
    await this.#placeLostAgain(databaseUrl);
    this.restedAfter = await untilNoneIsOpen(databaseUrl, limit, signal);
    for (const orderId of parked(await standings(databaseUrl))) this.retried.add(orderId);
    await retryAll(system.apiUrl, [...this.retried]);
    await untilNoneIsOpen(databaseUrl, limit, signal);
    this.findings.push(...this.#customers.refusals.map((refusal) => `an order was refused: ${refusal}`));
  }

  /** Only a database that was set back may have lost an order. */
  async #placeLostAgain(databaseUrl: string): Promise<void> {
    const all = await insist(() => standings(databaseUrl), this.#options.signal);
    const known = new Set(all.map(({ orderId }) => orderId));
    const lost = this.#customers.accepted.filter((orderId) => !known.has(orderId));
    if (!this.#hasBeenSetBack) this.findings.push(...lost.map((orderId) => `${orderId}: accepted, and gone`));
    for (const orderId of lost) this.placedAgain.add(orderId);
    this.#customers.orderAgain(lost);
    await this.#customers.answered();
  }
}

async function untilReady({ apiUrl }: ChaosSystem, limit: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + limit;
  while (!(await isOk(`${apiUrl}/readyz`))) {
    if (Date.now() > deadline) throw new Error('the API is not ready, though nothing is wrong any more');
    await sleep(200, undefined, { signal });
  }
}
