import { devNull } from 'node:os';

interface Variables {
  readonly shape: object;
}

/**
 * The environment for a program without the passwords of others: it has those that its variables name, and does not read
 * `.env`, which may name them all.
 */
export const withOwnSecrets = (
  env: NodeJS.ProcessEnv,
  ...variables: readonly Variables[]
): NodeJS.ProcessEnv => {
  const isOwn = (name: string) => variables.some(({ shape }) => name in shape);
  const kept = Object.entries(env).filter(([name]) => !holdsPassword(name) || isOwn(name));
  return { ...Object.fromEntries(kept), ENV_FILE: devNull };
};

const holdsPassword = (name: string): boolean => /^(DATABASE_URL|SMTP_URL)/.test(name);
