interface Variables {
  readonly shape: object;
}

/** A program's environment without the passwords of others: it keeps those that its variables name. */
export const withOwnSecrets = (
  env: NodeJS.ProcessEnv,
  ...variables: readonly Variables[]
): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !holdsPassword(name) || variables.some(({ shape }) => name in shape),
    ),
  );

const holdsPassword = (name: string): boolean => /^(DATABASE_URL|SMTP_URL)/.test(name);
