import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { buildPatched, type Patch } from './build.js';

/** A world that broke a rule. */
export interface Failure {
  readonly seed: number;
  readonly broken: readonly string[];
}

export interface CampaignOptions {
  /** The script of a thread, relative to the project's folder: it runs each `Batch` and answers with a `BatchReport`. */
  readonly thread: string;
  readonly worlds: number;
  /** The first seed; the worlds have this one and those that follow. */
  readonly seed: number;
  /** Makes the code wrong on purpose, where the simulation itself is put to the test. */
  readonly patches?: readonly Patch[];
  /** Ends at the first world that breaks a rule. */
  readonly stopAtFirst?: boolean;
  /** Told every now and then how many worlds have been run. */
  readonly onProgress?: (worlds: number) => void;
  readonly signal?: AbortSignal;
}

export interface Campaign {
  readonly worlds: number;
  readonly milliseconds: number;
  /** In the order of their seeds. */
  readonly failures: readonly Failure[];
  /** How many sagas ended in which outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** What a thread is asked to run, and what it reports. */
export interface Batch {
  readonly seed: number;
  readonly worlds: number;
}
export interface BatchReport extends Batch {
  readonly failures: readonly Failure[];
  readonly outcomes: Readonly<Record<string, number>>;
}

const BATCH = 50;

/** Runs worlds on all cores. Rejects when a thread dies. */
export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const startedAt = Date.now();
  const { worlds, seed, stopAtFirst = false, onProgress = () => undefined, signal } = options;
  const reports: BatchReport[] = [];
  const end = seed + worlds;
  let next = seed;
  const takeBatch = (): Batch | undefined => {
    const isEnough = stopAtFirst && reports.some(({ failures }) => failures.length > 0);
    if (next >= end || isEnough || signal?.aborted) return undefined;
    const batch = { seed: next, worlds: Math.min(BATCH, end - next) };
    next += batch.worlds;
    return batch;
  };
  const onReport = (report: BatchReport) => {
    reports.push(report);
    onProgress(reports.reduce((sum, done) => sum + done.worlds, 0));
  };
  const threads = Math.min(availableParallelism(), Math.ceil(worlds / BATCH));
  const thread = await buildPatched(options.thread, options.patches ?? []);
  try {
    await Promise.all(Array.from({ length: threads }, () => runThread(thread.file, takeBatch, onReport)));
  } finally {
    await thread.remove();
  }
  return {
    worlds: reports.reduce((sum, report) => sum + report.worlds, 0),
    milliseconds: Date.now() - startedAt,
    failures: reports.flatMap(({ failures }) => failures).sort((one, other) => one.seed - other.seed),
    outcomes: total(reports.map(({ outcomes }) => outcomes)),
  };
}

async function runThread(
  file: string,
  takeBatch: () => Batch | undefined,
  onReport: (report: BatchReport) => void,
): Promise<void> {
  const thread = new Worker(file);
  try {
    await new Promise<void>((resolve, reject) => {
      const goOn = () => {
        const batch = takeBatch();
        if (batch) thread.postMessage(batch);
        else resolve();
      };
      thread.on('error', reject);
      thread.on('message', (report: BatchReport) => {
        onReport(report);
        goOn();
      });
      goOn();
    });
  } finally {
    await thread.terminate();
  }
}

function total(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((record) => Object.entries(record)))
    sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
