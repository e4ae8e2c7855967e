import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where distributions put libfaketime. */
const libraries = [
  `/usr/lib/${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch}-linux-gnu/faketime/libfaketime.so.1`,
  '/usr/lib64/faketime/libfaketime.so.1',
  '/usr/lib/faketime/libfaketime.so.1',
];

/** The library that lets a process see another time; undefined where it is not installed. */
export const findFaketime = (): string | undefined => libraries.find((file) => existsSync(file));

/**
 * The clocks that processes see, each its own: a step takes effect within a second. What measures durations goes on
 * unharmed, as when an administrator sets the clock.
 */
export class Clocks {
  readonly #folder: string;
  readonly #library: string | undefined;

  constructor(folder: string, library: string | undefined) {
    this.#folder = folder;
    this.#library = library;
  }

  get canBeSet(): boolean {
    return this.#library !== undefined;
  }

  /** What the environment of a process needs, so that its clock can be set. */
  async environmentOf(part: string): Promise<NodeJS.ProcessEnv> {
    if (this.#library === undefined) return {};
    await this.set(part, 0);
    return {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.#fileOf(part),
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** Sets a clock that many seconds ahead, or back, of the true time. */
  async set(part: string, seconds: number): Promise<void> {
    const file = this.#fileOf(part);
    await writeFile(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    await rename(`${file}.new`, file);
  }

  #fileOf(part: string): string {
    return path.join(this.#folder, `${part.replaceAll(' ', '-')}.clock`);
  }
}
