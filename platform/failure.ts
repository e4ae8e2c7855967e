import { ConfigurationError, readEnvFile } from './environment.js';
import { readSecretFiles } from './secret-files.js';

/** What a person can do about an error of the system, by its code. */
const advice: Readonly<Record<string, string>> = {
  ...adviceFor('give this user the right to it, or choose another place', 'EACCES', 'EPERM', 'EROFS'),
  ...adviceFor('make room on that disk, or choose another place', 'ENOSPC', 'EDQUOT'),
  ...adviceFor('raise the limit of open files (ulimit -n)', 'EMFILE', 'ENFILE'),
  ...adviceFor('another program has that port; stop it, or choose another port', 'EADDRINUSE'),
  ...adviceFor('choose an address of this machine', 'EADDRNOTAVAIL'),
  ...adviceFor('check the address, and that the server runs', 'ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT'),
  ...adviceFor('check the address, and that the server runs', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH'),
};

function adviceFor(what: string, ...codes: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(codes.map((code) => [code, what]));
}

/** Why a program cannot go on, in the fewest lines that help. Only a bug has a stack trace. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // When a host has several addresses, each has an error of its own.
  if (error instanceof AggregateError) return [...new Set(error.errors.map(describeFailure))].join('\n');
  if (error instanceof ConfigurationError) return error.message;
  const { code = '', severity } = error as { readonly code?: string; readonly severity?: string };
  if (severity !== undefined) return `PostgreSQL: ${error.message}`;
  const what = advice[code];
  return what === undefined ? (error.stack ?? error.message) : `${error.message}\n  ${what}`;
}

/** Runs a program, with what `.env` and files of secrets say; where it fails, says in a few lines why. */
export async function runProgram(purpose: string, main: () => Promise<void>): Promise<void> {
  // What it writes, and what it starts writes, is for its owner alone.
  process.umask(0o077);
  try {
    readEnvFile();
    readSecretFiles(process.env);
    await main();
  } catch (error) {
    console.error(`cannot ${purpose}:\n${describeFailure(error)}`);
    process.exitCode = 1;
  }
}
