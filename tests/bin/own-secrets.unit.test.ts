import { devNull } from 'node:os';
import { expect, test } from 'vitest';
import { apiSchema, mailCatcherSchema } from '../../bin/config.js';
import { withOwnSecrets } from '../../bin/own-secrets.js';
import { databaseVariable } from '../../platform/variables.js';
import { logins, services } from '../../schemas/services.js';
import { workerSchema } from '../../workers/config.js';

const everything = {
  ...Object.fromEntries(logins.map((login) => [databaseVariable(login), `of ${login}`])),
  DATABASE_URL: 'of the owner',
  SMTP_URL: 'of the mail server',
  PATH: '/bin',
};
const passwordsIn = (env: NodeJS.ProcessEnv) =>
  Object.keys(env)
    .filter((name) => /_?URL/.test(name))
    .sort();

test.each(services)(
  'the worker of %s has its own login, and the mail server if it sends mails',
  (service) => {
    const mail = service === 'notification' ? ['SMTP_URL'] : [];
    expect(passwordsIn(withOwnSecrets(everything, workerSchema(service)))).toEqual([
      databaseVariable(service),
      ...mail,
    ]);
  },
);

test('workers that share a process have the logins of all of them', () => {
  expect(passwordsIn(withOwnSecrets(everything, ...services.map(workerSchema)))).toEqual(
    [...services.map(databaseVariable), 'SMTP_URL'].sort(),
  );
});

test('the API has every login but the owner’s, and the mail catcher none', () => {
  expect(passwordsIn(withOwnSecrets(everything, apiSchema))).toEqual(logins.map(databaseVariable).sort());
  expect(passwordsIn(withOwnSecrets(everything, mailCatcherSchema))).toEqual([]);
});

test('what holds no password is handed on, and .env is not read again', () => {
  expect(withOwnSecrets(everything, mailCatcherSchema)).toEqual({ PATH: '/bin', ENV_FILE: devNull });
});
