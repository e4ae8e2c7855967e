import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The parts of a service that the tests look at. */
export interface ComposeService {
  readonly image: string;
  readonly user?: string;
  readonly restart?: string;
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition?: string }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
}

export const composeText = readFileSync('docker-compose.temporal.yml', 'utf8');

/** The file as Compose reads it, with these variables; throws where one is missing that has to be set. */
export const readCompose = (variables: Readonly<Record<string, string>>): ComposeFile =>
  interpolate(parse(composeText, { merge: true, maxAliasCount: -1 }), variables) as ComposeFile;

function interpolate(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return value.replaceAll(dollar, (...found) => replace(found, variables));
  if (Array.isArray(value)) return value.map((entry) => interpolate(entry, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, interpolate(entry, variables)]),
  );
}

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?what is wrong}` are all that the file uses. */
const dollar = /\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})?/g;

function replace(
  [found, escaped, name, operator, text]: readonly unknown[],
  variables: Readonly<Record<string, string>>,
): string {
  if (escaped === '$') return '$';
  if (typeof name !== 'string') throw new Error(`what does ${String(found)} stand for?`);
  const value = variables[name] ?? '';
  if (value !== '' || operator === undefined) return value;
  if (operator === '?') throw new Error(`${name} ${String(text)}`);
  return String(text);
}

/** The variables that the file names, and whether Compose refuses to go on without. */
export function variablesOf(text: string): ReadonlyMap<string, { readonly required: boolean }> {
  const uses = [...text.replaceAll('$$', '').matchAll(dollar)];
  return new Map(uses.map(([, , name = '', operator]) => [name, { required: operator === '?' }]));
}

/** The variables of a file in the manner of `.env`, those that are commented out included. */
export function variablesIn(envFile: string): ReadonlyMap<string, string> {
  const lines = readFileSync(envFile, 'utf8').matchAll(/^#?([A-Z_]+)=(.*)$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]));
}

/** A value for every variable that has to be set, and nothing else. */
export const examplePasswords: Readonly<Record<string, string>> = Object.fromEntries(
  [...variablesOf(composeText)].flatMap(([name, { required }]) =>
    required ? [[name, 'secret'] as const] : [],
  ),
);

/** How Compose splits a command that is one text; ours has no quotes. */
export const wordsOf = (command: string | readonly string[] = []): readonly string[] =>
  typeof command === 'string' ? command.split(/\s+/).filter(Boolean) : command;

export const isOneShot = ({ restart }: ComposeService): boolean => restart?.startsWith('on-failure') ?? false;
