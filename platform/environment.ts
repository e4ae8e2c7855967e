import type { z } from 'zod';

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is missing or wrong; its message names each and says what was expected. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
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
  const lines = result.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${name}: ${given[name] === undefined ? 'missing, ' : ''}${message}`;
  });
  throw new ConfigurationError(lines.join('\n'));
}

/** Reads both before it throws, so that one failed start lists everything that is wrong. */
export function readBoth<One, Other>(one: () => One, other: () => Other): readonly [One, Other] {
  const lines = new Set<string>();
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      for (const line of error.message.split('\n')) lines.add(line);
      return undefined;
    }
  };
  const both = [attempt(one), attempt(other)] as const;
  if (lines.size > 0) throw new ConfigurationError([...lines].join('\n'));
  return both as readonly [One, Other];
}
