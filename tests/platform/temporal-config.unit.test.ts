import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readWorkerConfig } from '../../workers/config.js';
import { ConfigurationError } from '../../platform/environment.js';
import { readTemporalConfig } from '../../platform/temporal-config.js';
import { certificate } from '../support/certificates.js';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'));
  file = path.join(folder, 'temporal.toml');
  await writeFile(
    file,
    `[profile.default]
address = "default.example:7233"
[profile.cloud]
address = "cloud.example:7233"
namespace = "shop"
api_key = "secret"
[profile.cloud.tls]
server_name = "inner.example"
[profile.cloud.grpc_meta]
x-team = "orders"
[profile.private.tls]
server_ca_cert_path = "${certificate('ca.pem')}"
client_cert_path = "${certificate('client.pem')}"
client_key_path = "${certificate('client-key.pem')}"
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pem = (name: string) => readFileSync(certificate(name));
const TEMPORAL_ADDRESS = 'temporal:7233';
const plain = { address: TEMPORAL_ADDRESS, tls: false };
const pair = {
  TEMPORAL_TLS_CLIENT_CERT_PATH: certificate('client.pem'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: certificate('client-key.pem'),
};

test.each([
  ['an address alone', {}, plain],
  ['an empty variable', { TEMPORAL_API_KEY: '', TEMPORAL_TLS: '' }, plain],
  ['TLS', { TEMPORAL_TLS: 'true' }, { ...plain, tls: {} }],
  ['TLS, as a number', { TEMPORAL_TLS: '1' }, { ...plain, tls: {} }],
  ['a key, which turns TLS on', { TEMPORAL_API_KEY: 'k' }, { ...plain, tls: true, apiKey: 'k' }],
  ['a key without TLS', { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' }, { ...plain, apiKey: 'k' }],
  [
    'the name of the server',
    { TEMPORAL_TLS_SERVER_NAME: 'temporal.test' },
    { ...plain, tls: { serverNameOverride: 'temporal.test' } },
  ],
  [
    'an authority as a file',
    { TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificate('ca.pem') },
    { ...plain, tls: { serverRootCACertificate: pem('ca.pem') } },
  ],
  [
    'an authority as it is',
    { TEMPORAL_TLS_SERVER_CA_CERT_DATA: pem('ca.pem').toString() },
    { ...plain, tls: { serverRootCACertificate: pem('ca.pem') } },
  ],
  [
    'a certificate of the client as files',
    pair,
    { ...plain, tls: { clientCertPair: { crt: pem('client.pem'), key: pem('client-key.pem') } } },
  ],
  [
    'a certificate of the client as it is',
    {
      TEMPORAL_TLS_CLIENT_CERT_DATA: pem('client.pem').toString(),
      TEMPORAL_TLS_CLIENT_KEY_DATA: pem('client-key.pem').toString(),
    },
    { ...plain, tls: { clientCertPair: { crt: pem('client.pem'), key: pem('client-key.pem') } } },
  ],
  ['certificates, and TLS switched off', { ...pair, TEMPORAL_TLS: 'false' }, plain],
  [
    'the host verified, as always',
    { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'false' },
    { ...plain, tls: {} },
  ],
  [
    'headers',
    { TEMPORAL_GRPC_META_X_MY_OWN_TEAM: 'orders', TEMPORAL_GRPC_META_OTHER: 'a' },
    { ...plain, metadata: { 'x-my-own-team': 'orders', other: 'a' } },
  ],
])('%s', (_, env, connection) => {
  expect(readTemporalConfig({ TEMPORAL_ADDRESS, ...env })).toEqual({ namespace: 'default', connection });
});

const cloud = {
  address: 'cloud.example:7233',
  tls: { serverNameOverride: 'inner.example' },
  apiKey: 'secret',
  metadata: { 'x-team': 'orders' },
};

test.each([
  [
    'the profile `default`',
    {},
    { namespace: 'default', connection: { address: 'default.example:7233', tls: false } },
  ],
  ['a profile by its name', { TEMPORAL_PROFILE: 'cloud' }, { namespace: 'shop', connection: cloud }],
  [
    'variables, which go before it',
    {
      TEMPORAL_PROFILE: 'cloud',
      TEMPORAL_ADDRESS,
      TEMPORAL_NAMESPACE: 'test',
      TEMPORAL_API_KEY: 'other',
      TEMPORAL_GRPC_META_X_TEAM: '',
    },
    {
      namespace: 'test',
      connection: { ...cloud, address: TEMPORAL_ADDRESS, apiKey: 'other', metadata: {} },
    },
  ],
  [
    'certificates of a profile',
    { TEMPORAL_PROFILE: 'private', TEMPORAL_ADDRESS },
    {
      namespace: 'default',
      connection: {
        address: TEMPORAL_ADDRESS,
        tls: {
          serverRootCACertificate: pem('ca.pem'),
          clientCertPair: { crt: pem('client.pem'), key: pem('client-key.pem') },
        },
      },
    },
  ],
])('a file of profiles: %s', (_, env, config) => {
  expect(readTemporalConfig({ TEMPORAL_CONFIG_FILE: file, ...env })).toEqual(config);
});

test('the profiles of the user are read where a profile is asked for, and not otherwise', async () => {
  const home = { XDG_CONFIG_HOME: folder, HOME: folder, APPDATA: folder };
  const standard =
    process.platform === 'darwin' ? ['Library', 'Application Support', 'temporalio'] : ['temporalio'];
  await mkdir(path.join(folder, ...standard), { recursive: true });
  await copyFile(file, path.join(folder, ...standard, 'temporal.toml'));
  expect(readTemporalConfig({ ...home, TEMPORAL_PROFILE: 'cloud' }).connection).toEqual(cloud);
  expect(() => readTemporalConfig(home)).toThrow(/^TEMPORAL_ADDRESS: missing, expected host:port/);
});

const away = path.join(tmpdir(), 'order-saga-is-not-there');
const TEMPORAL_TLS_CLIENT_CERT_DATA = pem('client.pem').toString();

test.each([
  ['an address with a scheme', { TEMPORAL_ADDRESS: 'https://a:1' }, /^TEMPORAL_ADDRESS: expected host:port/],
  ['no address', { TEMPORAL_ADDRESS: '' }, /^TEMPORAL_ADDRESS: missing, expected host:port/],
  [
    'TLS that is neither on nor off',
    { TEMPORAL_TLS: 'yes' },
    /^TEMPORAL_TLS: expected true or false\n {2}found "yes"$/,
  ],
  [
    'the host not verified, which the SDK cannot do',
    { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' },
    /^TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: expected false: .*TEMPORAL_TLS_SERVER_NAME/,
  ],
  [
    'a certificate as file and as it is',
    { TEMPORAL_TLS_CLIENT_CERT_PATH: certificate('client.pem'), TEMPORAL_TLS_CLIENT_CERT_DATA },
    /^TEMPORAL_TLS_CLIENT_CERT_PATH: expected this or TEMPORAL_TLS_CLIENT_CERT_DATA, not both$/,
  ],
  [
    'a certificate without its key',
    { TEMPORAL_TLS_CLIENT_CERT_DATA },
    /^TEMPORAL_TLS_CLIENT_KEY_PATH: missing, expected both/,
  ],
  [
    'a key without its certificate',
    { TEMPORAL_TLS_CLIENT_KEY_PATH: certificate('client-key.pem') },
    /^TEMPORAL_TLS_CLIENT_CERT_PATH: missing, expected both/,
  ],
  [
    'a key as a certificate',
    { ...pair, TEMPORAL_TLS_CLIENT_CERT_PATH: certificate('client-key.pem') },
    /^TEMPORAL_TLS_CLIENT_CERT_PATH: expected a file with a PEM/,
  ],
  [
    'an authority that is not there',
    { TEMPORAL_TLS_SERVER_CA_CERT_PATH: away },
    /^TEMPORAL_TLS_SERVER_CA_CERT_PATH: expected a file that can be read\n {2}found ENOENT at /,
  ],
  [
    'an authority that is none',
    { TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'secret' },
    /^TEMPORAL_TLS_SERVER_CA_CERT_DATA: expected a PEM/,
  ],
  [
    'a file that is not there',
    { TEMPORAL_CONFIG_FILE: away },
    /^TEMPORAL_CONFIG_FILE: expected a file that can be read\n {2}found ENOENT at /,
  ],
])('refused: %s', (_, env, message) => {
  const read = () => readTemporalConfig({ TEMPORAL_ADDRESS, ...env });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/secret/);
});

test.each([
  [
    'no TOML',
    'api_key = secret',
    /^TEMPORAL_CONFIG_FILE: expected TOML with tables like \[profile\.default\]; /,
  ],
  ['no profiles', '', /^TEMPORAL_CONFIG_FILE: expected TOML with tables/],
  ['a setting that nobody reads', '[profile.default]\nadress = "a:1"', /^TEMPORAL_CONFIG_FILE: .* adress$/],
  ['an address that is none', '[profile.default]\naddress = 7233', /^TEMPORAL_ADDRESS: expected host:port/],
  [
    'a header that is no text',
    '[profile.default]\naddress = "a:1"\ngrpc_meta.a = 1',
    /^TEMPORAL_CONFIG_FILE: .*a/,
  ],
  ['another profile', '[profile.default]\naddress = "a:1"', /^TEMPORAL_PROFILE: .*'shop' not found/, 'shop'],
])('a file is refused: %s', async (_, text, message, TEMPORAL_PROFILE = '') => {
  const TEMPORAL_CONFIG_FILE = path.join(folder, 'refused.toml');
  await writeFile(TEMPORAL_CONFIG_FILE, text);
  const read = () => readTemporalConfig({ TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/secret/);
});

test('a worker lists what is wrong with its connection beside all else, once', () => {
  const read = () =>
    readWorkerConfig('payment', { TEMPORAL_TLS: 'yes', TEMPORAL_ADDRESS, INVENTORY_WAIT: 'soon' });
  expect(read).toThrow(/^(?=[^]*DATABASE_URL_PAYMENT: missing)(?=[^]*INVENTORY_WAIT: )[^]*TEMPORAL_TLS: /);
  expect(read).not.toThrow(/TEMPORAL_TLS[^]*TEMPORAL_TLS/);
});
