import ms from 'ms';
import { z } from 'zod';

/** Whole milliseconds within bounds, both inclusive; written as people write it, and rounded. */
export function duration({ min, max }: { readonly min: number; readonly max: number }) {
  const message = `expected a duration such as 5m, 30s or 1500ms, from ${ms(min)} to ${ms(max)}`;
  return z
    .string()
    .refine((text) => hasUnit(text) && isBetween(min, max, toMillis(text)), message)
    .transform(toMillis);
}

/** A duration, or `off`, which is null. */
export function durationOrOff({ min, max }: { readonly min: number; readonly max: number }) {
  const message = `expected off, or a duration such as 90d, from ${ms(min)} to ${ms(max)}`;
  return z
    .string()
    .refine((text) => text === 'off' || (hasUnit(text) && isBetween(min, max, toMillis(text))), message)
    .transform((text) => (text === 'off' ? null : toMillis(text)));
}

/** A whole number within bounds, both inclusive. */
export function count({ min, max }: { readonly min: number; readonly max: number }, what = 'a whole number') {
  const message = `expected ${what} from ${min} to ${max}`;
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
}

export const port = count({ min: 1, max: 65_535 }, 'a port number');

export const flag = z.enum(['true', 'false'], 'expected true or false');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export const logLevel = z.enum(levels, `expected one of ${levels.join(', ')}`).default('info');

export const smtpUrl = z
  .string('expected a URL like smtp://host:25')
  .regex(/^smtps?:\/\//, 'expected a URL like smtp://host:25');

export const postgresUrl = z
  .string('expected a URL like postgres://user:password@host:5432/name')
  .regex(/^postgres(ql)?:\/\//, 'expected a URL like postgres://user:password@host:5432/name');

/** The variable that holds the URL of a database login. */
export const databaseVariable = (login: string): string => `DATABASE_URL_${login.toUpperCase()}`;

/** One URL for each login. */
export const databaseVariables = (logins: readonly string[]) =>
  z.object(Object.fromEntries(logins.map((login) => [databaseVariable(login), postgresUrl])));

/** The URLs by login, from what `databaseVariables` has parsed. */
export const databaseUrlsIn = <Login extends string>(
  logins: readonly Login[],
  parsed: Readonly<Record<string, unknown>>,
): Readonly<Record<Login, string>> =>
  Object.fromEntries(logins.map((login) => [login, String(parsed[databaseVariable(login)])])) as Record<
    Login,
    string
  >;

/** Origins as a browser sends them, without a path. */
export const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine((all) => all.every(isOrigin), 'expected origins like https://www.example, separated by commas')
  .default([]);

/** Names without a port, in lower case. */
export const hostNames = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
  .refine(
    (all) => all.every((name) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)),
    'expected names like www.example, without a port, separated by commas',
  )
  .default([]);

export const ipAddressAndPort = z
  .string()
  .regex(
    /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\]):\d{1,5}$/,
    'expected an IP address and a port, as in 0.0.0.0:9464',
  );

/** `name=url` pairs, separated by commas. */
export const urlsByName = (example: string) =>
  z
    .string()
    .regex(/^\w+=https?:\/\/[^,\s]+(,\w+=https?:\/\/[^,\s]+)*$/, `expected ${example}`)
    .transform((text): Readonly<Record<string, string>> =>
      Object.fromEntries([...text.matchAll(/(\w+)=([^,]+)/g)].map(([, name = '', url = '']) => [name, url])),
    );

/** Whether it is more than a number: `ms` would take that for milliseconds, and people mean seconds or minutes. */
const hasUnit = (text: string): boolean => Number.isNaN(Number(text));

/** Reads `ms` syntax; NaN for anything else. */
const toMillis = (text: string): number => Math.round(ms(text as ms.StringValue));

const isBetween = (min: number, max: number, value: number): boolean => value >= min && value <= max;

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
