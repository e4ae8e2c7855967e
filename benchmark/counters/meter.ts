import type { Group, PerGroup } from '../figures.js';
import type { Servers } from '../servers/servers.js';
import type { RunningProgram } from '../servers/programs.js';
import { CountedDatabase, type DatabaseCount } from './databases.js';
import { Processes } from './processes.js';

/** What was used from one reading to the next. */
export interface Usage {
  readonly cpuMs: PerGroup;
  readonly business: DatabaseCount;
  readonly temporal: DatabaseCount | undefined;
}

interface Reading {
  readonly processes: Processes;
  readonly business: DatabaseCount;
  readonly temporal: DatabaseCount | undefined;
}

/** Reads what the processes and databases behind one contender have used. */
export class Meter {
  readonly #pids: Readonly<Partial<Record<Group, readonly number[]>>>;
  readonly #business: CountedDatabase;
  readonly #temporal: CountedDatabase | undefined;

  private constructor(
    pids: Readonly<Partial<Record<Group, readonly number[]>>>,
    business: CountedDatabase,
    temporal: CountedDatabase | undefined,
  ) {
    this.#pids = pids;
    this.#business = business;
    this.#temporal = temporal;
  }

  static async open(
    { database, temporal: { databaseUrl, pid } }: Servers,
    programs: readonly RunningProgram[],
    usesTemporal: boolean,
  ): Promise<Meter> {
    const business = await CountedDatabase.connect(database.ownerUrl);
    const url = usesTemporal ? databaseUrl : undefined;
    const temporal = url === undefined ? undefined : await CountedDatabase.connect(url);
    const pidsOf = (group: string) => programs.filter((one) => one.group === group).map((one) => one.pid);
    const known = {
      server: [...(usesTemporal && pid !== undefined ? [pid] : []), ...pidsOf('server')],
      'its database': [await temporal?.pid()].filter((found) => found !== undefined),
      'business database': [database.pid()].filter((found) => found !== undefined),
      workers: pidsOf('workers'),
      API: pidsOf('API'),
    } satisfies Record<Group, readonly number[]>;
    const present = Object.entries(known).filter(([, pids]) => pids.length > 0);
    return new Meter(Object.fromEntries(present), business, temporal);
  }

  async read(): Promise<Reading> {
    const [processes, business, temporal] = await Promise.all([
      Processes.read(),
      this.#business.count(),
      this.#temporal?.count(),
    ]);
    return { processes, business, temporal };
  }

  async since(before: Reading): Promise<Usage> {
    const now = await this.read();
    return {
      cpuMs: this.#perGroup((pids) => now.processes.cpuMs(pids) - before.processes.cpuMs(pids)),
      business: difference(now.business, before.business),
      temporal: now.temporal && before.temporal && difference(now.temporal, before.temporal),
    };
  }

  async memoryBytes(): Promise<PerGroup> {
    const processes = await Processes.read();
    return this.#perGroup((pids) => processes.bytes(pids));
  }

  async close(): Promise<void> {
    await Promise.all([this.#business.close(), this.#temporal?.close()]);
  }

  #perGroup(of: (pids: readonly number[]) => number): PerGroup {
    return Object.fromEntries(Object.entries(this.#pids).map(([group, pids]) => [group, of(pids)]));
  }
}

const difference = (now: DatabaseCount, before: DatabaseCount): DatabaseCount => ({
  commits: now.commits - before.commits,
  walBytes: now.walBytes - before.walBytes,
});
