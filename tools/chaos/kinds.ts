import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../schemas/services.js';
import { insist } from './insist.js';
import type { Weather } from './link.js';
import { links, parts, POSTGRES, TEMPORAL, workerOf, workers } from './parts.js';
import type { Build, ChaosSystem } from './system.js';
import { terminateAll } from './terminate-all.js';

/** One fault, as it was drawn. */
export interface Fault {
  readonly kind: string;
  /** A part, or a link between two. */
  readonly target: string;
  /** How long it lasts, in ms. */
  readonly ms: number;
  /** What a clock is set ahead by in s, or what each piece takes on a slow link in ms. */
  readonly amount?: number;
}

/** Where faults strike. */
export interface Stage {
  readonly system: ChaosSystem;
  readonly signal: AbortSignal;
  /** Another version of the project, whose workers can run beside this one's. */
  readonly otherBuild: Build | undefined;
  /** Called when PostgreSQL is back at an earlier state. */
  readonly onSetBack: () => Promise<void>;
}

/** What can be wrong with a system, and how it comes about. */
export interface Kind {
  readonly targets: readonly string[];
  /** How often it is drawn, compared with the others. */
  readonly weight: number;
  /** The shortest and the longest, in ms. */
  readonly lasts: readonly [number, number];
  readonly amounts?: (target: string) => readonly [number, number];
  /** Nothing else is wrong at the same time. */
  readonly isAlone?: true;
  /** It is drawn only where another version is at hand. */
  readonly needsOtherBuild?: true;
  /** What this machine lacks for it; undefined where nothing is missing. */
  readonly lacks?: (system: ChaosSystem) => string | undefined;
  readonly strike: (stage: Stage, fault: Fault) => Promise<void>;
}

/** As long as the fault lasts, or the run. */
const lasting = ({ signal }: Stage, { ms }: Fault): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

const network = (weather: Weather, weight: number, lasts: readonly [number, number]): Kind => ({
  targets: links,
  weight,
  lasts,
  ...(weather === 'slow' ? { amounts: () => [10, 300] } : {}),
  strike: async (stage, fault) => {
    const link = stage.system.links.get(fault.target);
    link?.become(weather, fault.amount);
    await lasting(stage, fault);
    link?.become('fine');
  },
});

const freeze: Kind['strike'] = async (stage, fault) => {
  stage.system.signal(fault.target, 'SIGSTOP');
  await lasting(stage, fault);
  stage.system.signal(fault.target, 'SIGCONT');
};

/** What nobody can make up for within a wait fails orders, as it should; most faults are shorter. */
const MOMENT = [300, 3_000] as const;

/** Temporal hands a task to another worker after 10 s. */
const LONGER_THAN_A_TASK = [11_000, 14_000] as const;

/** Every kind of fault, by its name in plans and reports. */
export const kinds: Readonly<Record<string, Kind>> = {
  killed: {
    targets: parts,
    weight: 22,
    lasts: MOMENT,
    strike: async (stage, fault) => {
      stage.system.signal(fault.target, 'SIGKILL');
      await lasting(stage, fault);
    },
  },
  frozen: { targets: parts, weight: 18, lasts: MOMENT, strike: freeze },
  'frozen for longer than a task': { targets: workers, weight: 1, lasts: LONGER_THAN_A_TASK, strike: freeze },
  'connections cut': network('cut', 10, MOMENT),
  'network partition': network('partition', 10, MOMENT),
  'half-open connections': network('half-open', 8, MOMENT),
  'answers lost': network('lost answers', 10, MOMENT),
  'slow network': network('slow', 8, MOMENT),
  'full disk': {
    targets: [POSTGRES, TEMPORAL],
    weight: 5,
    lasts: MOMENT,
    lacks: ({ disks }) => disks.lacks,
    strike: async (stage, fault) => {
      const disk = stage.system.disks.mounted.get(fault.target);
      await disk?.fill();
      await lasting(stage, fault);
      await disk?.free();
    },
  },
  'clock set': {
    // Temporal is linked statically: no library comes between it and the kernel's clock.
    targets: parts.filter((part) => part !== TEMPORAL),
    weight: 6,
    lasts: [1_500, 5_000],
    // Business times go by the database's clock: what it is off by, waits are off by, too.
    amounts: (target) => (target === POSTGRES ? [-4, 4] : [-3_600, 3_600]),
    lacks: ({ clocks }) => (clocks.canBeSet ? undefined : 'libfaketime is not installed'),
    strike: async (stage, fault) => {
      await stage.system.clocks.set(fault.target, fault.amount ?? 0);
      await lasting(stage, fault);
      await stage.system.clocks.set(fault.target, 0);
    },
  },
  'another version beside': {
    targets: workers,
    weight: 3,
    lasts: [5_000, 9_000],
    needsOtherBuild: true,
    strike: async (stage, fault) => {
      const { system, otherBuild } = stage;
      if (!otherBuild) return;
      const service = serviceOf(fault);
      const beside = await system.startBeside(service, otherBuild);
      await lasting(stage, fault);
      await beside.stop();
    },
  },
  'another version in its place': {
    targets: workers,
    weight: 2,
    lasts: [5_000, 9_000],
    needsOtherBuild: true,
    strike: async (stage, fault) => {
      const { system, otherBuild } = stage;
      if (!otherBuild) return;
      const service = serviceOf(fault);
      await system.stop(fault.target);
      await system.startWorker(service, otherBuild);
      await lasting(stage, fault);
      await system.stop(fault.target);
      await system.startWorker(service);
    },
  },
  'everything killed at once': {
    targets: ['all'],
    weight: 1,
    lasts: MOMENT,
    isAlone: true,
    strike: async (stage, fault) => {
      for (const part of parts) stage.system.signal(part, 'SIGKILL');
      await lasting(stage, fault);
    },
  },
  'every participant terminated': {
    targets: [TEMPORAL],
    weight: 1,
    lasts: MOMENT,
    isAlone: true,
    strike: async (stage, fault) => {
      await insist(() => terminateAll(stage.system.temporalAddress), stage.signal);
      await lasting(stage, fault);
    },
  },
  'database of Temporal deleted': {
    targets: [TEMPORAL],
    weight: 1,
    lasts: MOMENT,
    isAlone: true,
    strike: async (stage, fault) => {
      await stage.system.deleteTemporal();
      await lasting(stage, fault);
    },
  },
  'PostgreSQL restored from a backup': {
    targets: [POSTGRES],
    weight: 1,
    lasts: [2_000, 8_000],
    isAlone: true,
    strike: async (stage, fault) => {
      await insist(() => stage.system.backUpPostgres(), stage.signal);
      await lasting(stage, fault);
      await stage.system.restorePostgres();
      await stage.onSetBack();
    },
  },
};

const serviceOf = ({ target }: Fault) => {
  const service = services.find((name) => workerOf(name) === target);
  if (service === undefined) throw new Error(`${target} is not a worker`);
  return service;
};
