import { readdir, readFile, readlink } from 'node:fs/promises';
import { isLoopback } from '../../platform/loopback.js';

/** Clock ticks are hundredths of a second on Linux. */
const MS_PER_TICK = 10;
const PAGE = 4_096;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Of the process, and of its children that have ended. */
  readonly cpuMs: number;
  readonly bytes: number;
}

/** What every process has used so far, as Linux counts it. */
export class Processes {
  readonly #all: readonly ProcessStat[];

  private constructor(all: readonly ProcessStat[]) {
    this.#all = all;
  }

  static async read(): Promise<Processes> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    return new Processes((await Promise.all(pids.map(readStat))).filter((stat) => stat !== undefined));
  }

  /** CPU of these processes and all that descend from them: what has ended counts with its parent. */
  cpuMs(pids: readonly number[]): number {
    return this.#sum(pids, ({ cpuMs }) => cpuMs);
  }

  /** Resident memory; what processes share is counted in each. */
  bytes(pids: readonly number[]): number {
    return this.#sum(pids, ({ bytes }) => bytes);
  }

  #sum(pids: readonly number[], of: (stat: ProcessStat) => number): number {
    const family = pids.flatMap((pid) => this.#familyOf(pid));
    return family.reduce((sum, stat) => sum + of(stat), 0);
  }

  #familyOf(pid: number): readonly ProcessStat[] {
    const children = this.#all.filter(({ parent }) => parent === pid);
    return [
      ...this.#all.filter((stat) => stat.pid === pid),
      ...children.flatMap((c) => this.#familyOf(c.pid)),
    ];
  }
}

/** Undefined for a process that has just ended. The fields follow the command, which may hold spaces; see proc(5). */
async function readStat(pid: string): Promise<ProcessStat | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const [, parent, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(9, 13).map(Number);
  const cpuMs = MS_PER_TICK * ((utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0));
  return { pid: Number(pid), parent: Number(parent), cpuMs, bytes: PAGE * Number(fields[19]) };
}

/** The parent of a process: that of a PostgreSQL session is its server. */
export async function parentOf(pid: number): Promise<number | undefined> {
  return (await readStat(String(pid)))?.parent;
}

/** The process that listens at host:port; undefined where that is another machine, or it belongs to somebody else. */
export async function listenerOf(address: string): Promise<number | undefined> {
  if (!isLoopback(address)) return undefined;
  const port = Number(address.split(':').at(-1)).toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const LISTEN = '0A';
  const entries = tables
    .join('\n')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const entry = entries.find(([, local, , state]) => local?.endsWith(`:${port}`) && state === LISTEN);
  return entry && holderOf(`socket:[${entry[9]}]`);
}

async function holderOf(socket: string): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)))
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => []))
      if ((await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')) === socket) return Number(pid);
  return undefined;
}
