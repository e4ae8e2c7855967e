import { readFileSync } from 'node:fs';
import { ConfigurationError, fault, givenIn } from './environment.js';

/** Those whose values are passwords, or contain one. */
const SECRET_FILE = /^(DATABASE_URL(?:_[A-Z]+)?|SMTP_URL|TEMPORAL_API_KEY)_FILE$/;

/**
 * Gives each secret whose file is named, as in SMTP_URL_FILE=/run/secrets/smtp, the file's content, up to the
 * line break at its end. Throws a ConfigurationError that lists every file that cannot be used.
 */
export function readSecretFiles(env: NodeJS.ProcessEnv): void {
  const faults: string[] = [];
  for (const [variable, file] of Object.entries(givenIn(env))) {
    const name = SECRET_FILE.exec(variable)?.[1];
    if (name === undefined) continue;
    try {
      env[name] = readSecret(variable, file, givenIn(env)[name]);
      // A program that is started from here finds the value.
      Reflect.deleteProperty(env, variable);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new ConfigurationError(...faults);
}

function readSecret(variable: string, file: string, given: string | undefined): string {
  if (given !== undefined)
    throw new ConfigurationError(
      fault(variable, 'the value or its file, not both', variable.slice(0, -'_FILE'.length)),
    );
  const value = contentOf(variable, file);
  if (value === '')
    throw new ConfigurationError(fault(variable, 'a file with the value', `nothing in ${file}`));
  return value;
}

function contentOf(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(fault(variable, 'a file that can be read', `${code} at ${file}`));
  }
}
