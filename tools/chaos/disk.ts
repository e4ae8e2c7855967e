import { execFile } from 'node:child_process';
import { mkdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own, in memory, so small that it can be filled without harm to anything else. */
export class SmallDisk {
  readonly folder: string;
  readonly #filler: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#filler = path.join(folder, 'filler');
  }

  /** Rejects where we may not mount: that takes root, and in a container the capability SYS_ADMIN. */
  static async mount(folder: string, megabytes: number): Promise<SmallDisk> {
    await mkdir(folder);
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
    return new SmallDisk(folder);
  }

  /** Takes all the room that is left. Others may take some of it at the same moment: hence more than one try. */
  async fill(): Promise<void> {
    for (let triesLeft = 10; triesLeft > 0; triesLeft--) {
      const { bavail, bsize } = await statfs(this.folder);
      const isFilled = await run('fallocate', ['-l', String(bavail * bsize), this.#filler]).then(
        () => true,
        () => false,
      );
      if (isFilled) return;
    }
  }

  free(): Promise<void> {
    return rm(this.#filler, { force: true });
  }

  async unmount(): Promise<void> {
    await run('umount', ['-l', this.folder]);
  }
}

export interface Disks {
  /** By the part whose data lie there. */
  readonly mounted: ReadonlyMap<string, SmallDisk>;
  /** Why there are none. */
  readonly lacks?: string;
}

/** A disk below `folder` for each part, or plain folders where file systems cannot be mounted. */
export async function mountDisks(
  folder: string,
  parts: readonly string[],
  megabytes: number,
): Promise<Disks> {
  const mounted = new Map<string, SmallDisk>();
  try {
    for (const part of parts) mounted.set(part, await SmallDisk.mount(path.join(folder, part), megabytes));
    return { mounted };
  } catch (error) {
    for (const disk of mounted.values()) await disk.unmount();
    for (const part of parts) await mkdir(path.join(folder, part), { recursive: true });
    const reason = (error as Error).message.trim().split('\n').at(-1);
    return { mounted: new Map(), lacks: `a file system cannot be mounted here (${reason})` };
  }
}
