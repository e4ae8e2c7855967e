import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  apiSchema,
  healthCheckSchema,
  mailCatcherSchema,
  migrationSchema,
  readApiConfig,
  readHealthCheckConfig,
  readMailCatcherConfig,
  readMigrationConfig,
} from '../../bin/config.js';
import {
  logins,
  ORDER_ID_ATTRIBUTE,
  ORDER_STATUS_ATTRIBUTE,
  services as sagaServices,
} from '../../schemas/services.js';
import { roleOf } from '../../core/choreography.js';
import { imagePrograms } from '../../tools/build/image-programs.js';
import { readWorkerConfig, workerSchema } from '../../workers/config.js';
import {
  composeText,
  examplePasswords,
  isOneShot,
  readCompose,
  variablesIn,
  variablesOf,
  wordsOf,
  type ComposeService,
} from './compose-file.js';

const compose = readCompose(examplePasswords);
const all = Object.entries(compose.services);
const ours = all.filter(([, { image }]) => image.startsWith('order-saga:'));
const theirs = all.filter(([, { image }]) => !image.startsWith('order-saga:'));
const packageFile = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

function serviceOf(name: string): ComposeService {
  const service = compose.services[name];
  if (!service) throw new Error(`there is no service ${name}`);
  return service;
}

it('is what the Compose Specification describes', () => {
  const schema = JSON.parse(
    readFileSync('tests/compose/compose-spec/compose-spec.json', 'utf8'),
  ) as AnySchemaObject;
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  expect([validate(compose), validate.errors]).toEqual([true, null]);
  expect(validate({ services: { api: { imagee: 'x' } } })).toBe(false);
});

describe('every service', () => {
  it.each(all)('%s has an image with an exact version', (_, { image }) => {
    expect(image).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });

  it.each(all)('%s runs as somebody who is not root, and can do nothing beside its work', (_, service) => {
    expect(service.user).toMatch(/^(node|postgres|1000:1000)$/);
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    for (const key of ['privileged', 'cap_add', 'pid', 'network_mode', 'devices'])
      expect(service).not.toHaveProperty(key);
  });

  it.each(all)('%s ends by itself, or starts again and says how it is', (name, service) => {
    const waitedFor = all.flatMap(([, { depends_on }]) => depends_on?.[name]?.condition ?? []);
    if (isOneShot(service)) {
      expect(waitedFor).toContain('service_completed_successfully');
      expect(service.healthcheck?.test).toBeUndefined();
    } else {
      expect(service.restart).toBe('unless-stopped');
      expect(service.healthcheck?.test?.[0]).toBe('CMD');
    }
  });

  it.each(all)('%s waits for others by their health, or until they have ended well', (_, { depends_on }) => {
    for (const [name, { condition }] of Object.entries(depends_on ?? {}))
      expect([name, condition]).toEqual([
        name,
        isOneShot(serviceOf(name)) ? 'service_completed_successfully' : 'service_healthy',
      ]);
  });
});

it('can be reached at the API and the Web UI, from this machine alone', () => {
  expect(all.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]))).toEqual([
    ['temporal-ui', '127.0.0.1:8233:8080'],
    ['api', '127.0.0.1:3000:3000'],
  ]);
});

it("lets nobody but Temporal near Temporal's database, and no Web UI near any", () => {
  const membersOf = (network: string) =>
    all.flatMap(([name, { networks }]) => (networks?.includes(network) ? [name] : []));
  expect(membersOf('temporal-database')).toEqual(['temporal-postgres', 'temporal-schema', 'temporal']);
  expect(membersOf('database')).toEqual([
    'postgres',
    'migrations',
    ...sagaServices.map((service) => `${service}-worker`),
    'api',
  ]);
  for (const [, { networks }] of all) expect(networks).not.toHaveLength(0);
});

describe('the variables', () => {
  const used = variablesOf(composeText);
  const example = variablesIn('.env.compose.example');

  it('are those of the example, and what has to be set is empty there', () => {
    expect([...example.keys()].sort()).toEqual([...used.keys()].sort());
    for (const [name, { required }] of used)
      if (required) expect([name, example.get(name)]).toEqual([name, '']);
  });

  it('hold every password, and no password has a default', () => {
    for (const name of Object.keys(examplePasswords)) expect(name).toMatch(/_PASSWORD$/);
    const passwords = [...composeText.matchAll(/(?:PASSWORD|PWD): (.*)|:\/\/\w+:(.*)@/g)];
    expect(passwords.length).toBeGreaterThan(10);
    for (const [, setting, inUrl] of passwords)
      expect(setting ?? inUrl).toMatch(/^\$\{\w+_PASSWORD:\?has to be set\}$/);
  });

  it.each(Object.keys(examplePasswords))('is refused without %s', (name) => {
    expect(() => readCompose({ ...examplePasswords, [name]: '' })).toThrow(`${name} has to be set`);
  });
});

describe('a program of the project', () => {
  /** What containers do without, and why. */
  const leftOut = [
    /^TEMPORAL_API_KEY$/, // there is no authorizer
    /^TEMPORAL_TLS/, // Temporal is in the same private network
    /^TEMPORAL_(CONFIG_FILE|PROFILE)$/, // the address is given as it is
    /^WORKFLOW_BUNDLE$/, // the image holds it where the worker looks first
  ];
  const namesIn = (...schemas: readonly { readonly shape: object }[]) =>
    schemas
      .flatMap(({ shape }) => Object.keys(shape))
      .filter((name) => !leftOut.some((names) => names.test(name)))
      .sort();
  const environmentOf = (name: string) => serviceOf(name).environment ?? {};
  const passedTo = (name: string) => Object.keys(environmentOf(name)).sort();
  const isHealthUrl = (name: string) => name !== 'HEALTH_FILE';

  it('is of the version of package.json, and runs a script that the build compiles', () => {
    for (const [, { image, command }] of ours) {
      expect(image).toBe(`order-saga:${packageFile.version}`);
      const [script = ''] = wordsOf(command);
      expect(imagePrograms.map((program) => `dist/${program}.js`)).toContain(script);
    }
    expect(ours.map(([name]) => name)).toHaveLength(sagaServices.length + 3);
  });

  it.each(sagaServices)('the worker of %s is given what it reads, and nothing else', (service) => {
    const name = `${service}-worker`;
    expect(passedTo(name)).toEqual(namesIn(workerSchema(service)));
    expect(readWorkerConfig(service, environmentOf(name))).toMatchObject({
      databaseUrl: `postgres://${roleOf(service)}:secret@postgres:5432/order_saga`,
      waits: { inventory: 180_000 },
    });
    expect(wordsOf(serviceOf(name).command)).toEqual(['dist/bin/worker.js', service]);
  });

  it('the API is given what it and its health check read, and nothing else', () => {
    const health = namesIn(healthCheckSchema).filter(isHealthUrl);
    expect(passedTo('api')).toEqual([...namesIn(apiSchema), ...health].sort());
    expect(readApiConfig(environmentOf('api'))).toMatchObject({
      host: '0.0.0.0',
      port: 3_000,
      orderWaits: { payment: 300_000, saga: 600_000 },
    });
  });

  it('the migrations are given what they read, and nothing else', () => {
    expect(passedTo('migrations')).toEqual(namesIn(migrationSchema));
    const { ownerUrl, databaseUrls } = readMigrationConfig(environmentOf('migrations'));
    expect(ownerUrl).toBe('postgres://postgres:secret@postgres:5432/order_saga');
    expect(Object.keys(databaseUrls)).toEqual(logins);
  });

  it('the mail catcher is given what it and its health check read, and nothing else', () => {
    const health = namesIn(healthCheckSchema).filter(isHealthUrl);
    expect(passedTo('mail-catcher')).toEqual([...namesIn(mailCatcherSchema), ...health].sort());
    expect(readMailCatcherConfig(environmentOf('mail-catcher'))).toMatchObject({ SMTP_PORT: 1_025 });
  });

  it.each(ours.filter(([, service]) => !isOneShot(service)))('%s has one way to tell its health', (name) => {
    expect(Object.keys(readHealthCheckConfig(environmentOf(name)))).toHaveLength(1);
  });
});

describe('a program of others', () => {
  /** From the documentation of each image. */
  const known: Readonly<Record<string, readonly string[]>> = {
    postgres: ['POSTGRES_DB', 'POSTGRES_PASSWORD', 'POSTGRES_USER'],
    'temporalio/admin-tools': [
      'NAMESPACE', // read by the command itself
      'SQL_HOST',
      'SQL_PASSWORD',
      'SQL_PLUGIN',
      'SQL_PORT',
      'SQL_USER',
      'TEMPORAL_ADDRESS',
    ],
    'temporalio/server': [
      'BIND_ON_IP',
      'DB',
      'DB_PORT',
      'DYNAMIC_CONFIG_FILE_PATH',
      'LOG_LEVEL',
      'POSTGRES_PWD',
      'POSTGRES_SEEDS',
      'POSTGRES_USER',
      'TEMPORAL_ALLOW_NO_AUTH',
      'TEMPORAL_BROADCAST_ADDRESS',
    ],
    'temporalio/ui': ['TEMPORAL_ADDRESS', 'TEMPORAL_DEFAULT_NAMESPACE', 'TEMPORAL_DISABLE_NEWS_FETCH'],
  };

  it.each(theirs)('%s is given variables that its image knows', (_, { image, environment = {} }) => {
    expect(known[image.split(':')[0] ?? '']).toEqual(expect.arrayContaining(Object.keys(environment)));
  });

  it('the namespace keeps what is closed for 30 days, and has the search attributes', () => {
    const { command, environment } = serviceOf('temporal-namespace');
    const script = wordsOf(command).at(-1) ?? '';
    const registered = [...script.matchAll(/--name (\w+) --type Keyword/g)].map(([, name]) => name);
    expect(registered).toEqual([ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE]);
    expect(script.match(/--retention 30d/g)).toHaveLength(2);
    for (const [name] of ours)
      expect([undefined, environment?.['NAMESPACE']]).toContain(
        serviceOf(name).environment?.['TEMPORAL_NAMESPACE'],
      );
  });
});
