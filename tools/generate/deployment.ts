import { roleOf } from '../../core/choreography.js';
import { logins, services, type LoginName, type Service } from '../../schemas/services.js';

type Section = () => readonly string[];

/** The parts of a file that follow from the list of services; the file marks where each begins and ends. */
const withSections =
  (sections: Readonly<Record<string, Section>>) =>
  (present: string): string =>
    Object.entries(sections).reduce(
      (text, [name, section]) => replaceSection(text, name, section()),
      present,
    );

function replaceSection(text: string, name: string, lines: readonly string[]): string {
  const marked = new RegExp(
    `^( *)# Generated from schemas/services.ts: ${name}\\n[^]*?^ *# Until here\\n`,
    'm',
  );
  const [, indent = ''] = marked.exec(text) ?? fail(name);
  const indented = lines.map((line) => (line === '' ? line : `${indent}${line}`));
  const [begin, end] = [`# Generated from schemas/services.ts: ${name}`, '# Until here'];
  return text.replace(marked, () => [`${indent}${begin}`, ...indented, `${indent}${end}`, ''].join('\n'));
}

function fail(name: string): never {
  throw new Error(`the part "${name}" is not marked`);
}

const passwordOf = (login: LoginName): string => `${login.toUpperCase()}_DB_PASSWORD`;
const variableOf = (login: LoginName): string => `DATABASE_URL_${login.toUpperCase()}`;

const urlOf = (login: LoginName): string =>
  `${login}: &${login}-url postgres://${roleOf(login)}:\${${passwordOf(login)}:?has to be set}@postgres:5432/order_saga`;

/** What the container of a service needs beside its database. */
const ownSettings: Readonly<Partial<Record<Service, readonly string[]>>> = {
  notification: [
    '    SMTP_URL: ${SMTP_URL:-smtp://mail-catcher:1025}',
    '    MAIL_FROM: ${MAIL_FROM:-}',
    '  depends_on:',
    '    <<: *needs',
    '    mail-catcher:',
    '      condition: service_healthy',
  ],
};

const workerOf = (service: Service): readonly string[] => [
  `${service}-worker:`,
  '  <<: *worker',
  `  command: dist/bin/worker.js ${service}`,
  '  environment:',
  '    <<: *worker-environment',
  `    ${variableOf(service)}: *${service}-url`,
  ...(ownSettings[service] ?? []),
];

const metricsOf = (service: Service): string => `${service}=http://${service}-worker:9464/metrics`;

export const renderCompose = withSections({
  'database URLs': () => logins.map(urlOf),
  logins: () => [
    'x-all-logins: &all-logins',
    ...logins.map((login) => `  ${variableOf(login)}: *${login}-url`),
  ],
  workers: () => services.flatMap((service, i) => [...(i === 0 ? [] : ['']), ...workerOf(service)]),
  metrics: () => [`WORKER_METRICS_URLS: ${services.map(metricsOf).join(',')}`],
});

export const renderComposeExample = withSections({
  passwords: () => logins.map((login) => `${passwordOf(login)}=`),
});

export const renderEnvironmentExample = withSections({
  logins: () =>
    logins.map((login) => `#${variableOf(login)}=postgres://${roleOf(login)}:secret@127.0.0.1:5432/postgres`),
});
