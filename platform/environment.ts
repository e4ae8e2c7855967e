import type { z } from 'zod';

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the person who starts a program has to change. Each fault names a variable, says what was expected, and on a line
 * of its own what was found.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly faults: readonly string[];

  constructor(...faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** A fault in two lines. */
export const fault = (variable: string, expected: string, found: string): string =>
  `${variable}: expected ${expected}\n  found ${found}`;

/**
 * Adds what `.env` in the working folder says, or the file that ENV_FILE names. A variable that is set already stays as
 * it is.
 */
export function readEnvFile(): void {
  const { ENV_FILE } = givenIn(process.env);
  try {
    process.loadEnvFile(ENV_FILE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && ENV_FILE === undefined) return;
    throw new ConfigurationError(
      fault('ENV_FILE', 'a file that can be read', `${code} at ${ENV_FILE ?? '.env'}`),
    );
  }
}

/** The variables that are set; an empty one counts as missing. */
export const givenIn = (env: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );

/** Throws a ConfigurationError that lists every variable that is missing or wrong, not just the first. */
export function parse<Schema extends z.ZodType>(env: Environment, schema: Schema): z.infer<Schema> {
  const given = givenIn(env);
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    const value = given[name];
    return value === undefined
      ? `${name}: missing, ${message}`
      : `${name}: ${message}${foundIn(name, value)}`;
  });
  throw new ConfigurationError(...faults);
}

/** Names of variables whose values may hold a password or a key. */
const SECRET = /^DATABASE_URL|^SMTP_URL|KEY|_DATA$|GRPC_META/;

const foundIn = (name: string, value: string): string =>
  `\n  found ${SECRET.test(name) ? 'another value, which is not shown' : JSON.stringify(value).slice(0, 80)}`;

/** Reads both before it throws, so that one failed start lists everything that is wrong. */
export function readBoth<One, Other>(one: () => One, other: () => Other): readonly [One, Other] {
  const faults = new Set<string>();
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      for (const found of error.faults) faults.add(found);
      return undefined;
    }
  };
  const both = [attempt(one), attempt(other)] as const;
  if (faults.size > 0) throw new ConfigurationError(...faults);
  return both as readonly [One, Other];
}

/** Makes every check, one after the other, before it throws what all of them have found. */
export async function checkAll(...checks: readonly (() => unknown)[]): Promise<void> {
  const faults = new Set<string>();
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      for (const found of error.faults) faults.add(found);
    }
  }
  if (faults.size > 0) throw new ConfigurationError(...faults);
}
