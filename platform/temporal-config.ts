import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  loadClientConfigProfile,
  type ClientConfigProfile,
  type ClientConfigTLS,
  type ConfigDataSource,
} from '@temporalio/envconfig';
import { z } from 'zod';
import { ConfigurationError, fault, givenIn, parse, type Environment } from './environment.js';
import { isLoopback, withoutProxy } from './loopback.js';

/** How to reach Temporal; the options fit `Connection` and `NativeConnection`. */
export type TemporalConfig = Readonly<ReturnType<typeof readTemporalConfig>>;

const address = z
  .string('expected host:port, or TEMPORAL_CONFIG_FILE')
  .regex(/^[^/\s]+:\d+$/, 'expected host:port');
const text = z.string('expected a text').min(1, 'expected a text');
const yesOrNo = z.enum(['true', 'false', '1', '0'], 'expected true or false');

/** The standard variables of Temporal's SDKs, beside one `TEMPORAL_GRPC_META_<NAME>` for each header. */
export const temporalVariables = z.object({
  TEMPORAL_ADDRESS: address.optional(),
  TEMPORAL_NAMESPACE: text.optional(),
  TEMPORAL_API_KEY: text.optional(),
  TEMPORAL_TLS: yesOrNo.optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: text.optional(),
  TEMPORAL_TLS_CLIENT_CERT_DATA: text.optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: text.optional(),
  TEMPORAL_TLS_CLIENT_KEY_DATA: text.optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: text.optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: text.optional(),
  TEMPORAL_TLS_SERVER_NAME: text.optional(),
  // The TypeScript SDK always verifies the host, and @temporalio/envconfig ignores the variable without a word.
  TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: z
    .enum(
      ['false', '0'],
      'expected false: the host is always verified, against TEMPORAL_TLS_SERVER_NAME if given',
    )
    .optional(),
  TEMPORAL_CONFIG_FILE: text.optional(),
  TEMPORAL_PROFILE: text.optional(),
});

const headers = z.record(z.string(), z.string());

const GRPC_META = 'TEMPORAL_GRPC_META_';

/** Whether the environment says where Temporal is, directly or through a file of profiles. */
export const namesTemporal = (env: Environment): boolean => {
  const { TEMPORAL_ADDRESS, TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE } = givenIn(env);
  return [TEMPORAL_ADDRESS, TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE].some((value) => value !== undefined);
};

/**
 * Reads the connection as Temporal's SDKs do: a variable overrides the profile, an API key or a certificate turns TLS
 * on. A file is read only if TEMPORAL_CONFIG_FILE or TEMPORAL_PROFILE asks for it, so that nobody's own profile is used by
 * surprise.
 */
export function readTemporalConfig(env: Environment) {
  parse(env, temporalVariables);
  const profile = loadProfile(env);
  const { apiKey, grpcMeta: metadata } = profile;
  if (!headers.optional().safeParse(metadata).success)
    throw new ConfigurationError('TEMPORAL_CONFIG_FILE: expected texts in grpc_meta');
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE = 'default' } = parse(
    {
      TEMPORAL_ADDRESS: profile.address,
      TEMPORAL_NAMESPACE: profile.namespace,
      TEMPORAL_API_KEY: apiKey,
      TEMPORAL_TLS_SERVER_NAME: profile.tls?.serverName,
    },
    temporalVariables.extend({ TEMPORAL_ADDRESS: address }),
  );
  return {
    namespace: TEMPORAL_NAMESPACE,
    connection: {
      address: TEMPORAL_ADDRESS,
      tls: readTls(profile.tls) ?? apiKey !== undefined,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(isLoopback(TEMPORAL_ADDRESS) ? withoutProxy : {}),
    },
  };
}

function loadProfile(env: Environment): ClientConfigProfile {
  const source = sourceIn(givenIn(env));
  try {
    // Refusing an unknown setting of the file is better than ignoring it.
    return loadClientConfigProfile({ ...source, configFileStrict: true, overrideEnvVars: variablesIn(env) });
  } catch (error) {
    throw new ConfigurationError(explain(error));
  }
}

/** The library treats a missing file as an empty one, but this file was asked for. */
function sourceIn({
  TEMPORAL_CONFIG_FILE: file,
  TEMPORAL_PROFILE: profile,
}: Readonly<Record<string, string>>) {
  if (file !== undefined) return { configSource: { data: readNamed('TEMPORAL_CONFIG_FILE', file) } };
  return { disableFile: profile === undefined };
}

/** Names the headers for the library, which turns only some underscores of a name into hyphens. */
const variablesIn = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value = '']) => {
      const isHeader = name.startsWith(GRPC_META);
      // An empty header removes the profile's.
      if (value === '' && !isHeader) return [];
      return [[isHeader ? GRPC_META + name.slice(GRPC_META.length).replaceAll('_', '-') : name, value]];
    }),
  );

/** Names the variable behind an error of the library, with the first line only: the others quote the file. */
function explain(error: unknown): string {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const twice = /^Cannot specify both (\w+)_path/.exec(message)?.[1]?.toUpperCase();
  if (twice !== undefined)
    return `TEMPORAL_TLS_${twice}_PATH: expected this or TEMPORAL_TLS_${twice}_DATA, not both`;
  if (message.startsWith('Profile ')) return `TEMPORAL_PROFILE: expected a profile of the file; ${message}`;
  return `TEMPORAL_CONFIG_FILE: expected TOML with tables like [profile.default]; ${message}`;
}

/** Undefined if nothing asks for TLS. Checks what the library would skip or pass on unread. */
function readTls(tls: ClientConfigTLS | undefined) {
  if (tls === undefined || tls.disabled === true) return tls && false;
  const { serverName, serverCACert, clientCert, clientKey } = tls;
  const ca = serverCACert && readPem('SERVER_CA_CERT', serverCACert, (pem) => new X509Certificate(pem));
  const crt = clientCert && readPem('CLIENT_CERT', clientCert, (pem) => new X509Certificate(pem));
  const key = clientKey && readPem('CLIENT_KEY', clientKey, createPrivateKey);
  if ((crt === undefined) !== (key === undefined)) {
    const missing = key === undefined ? 'KEY' : 'CERT';
    throw new ConfigurationError(
      `TEMPORAL_TLS_CLIENT_${missing}_PATH: missing, expected both or neither of certificate and key`,
    );
  }
  return {
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
    ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
    ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
  };
}

/** A PEM that can be parsed, from a file or given directly. */
function readPem(name: string, source: ConfigDataSource, understand: (pem: Buffer) => unknown): Buffer {
  const isFile = 'path' in source;
  const variable = `TEMPORAL_TLS_${name}_${isFile ? 'PATH' : 'DATA'}`;
  const pem = isFile ? readNamed(variable, source.path) : Buffer.from(source.data);
  try {
    understand(pem);
    return pem;
  } catch {
    throw new ConfigurationError(`${variable}: expected ${isFile ? 'a file with ' : ''}a PEM`);
  }
}

function readNamed(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(fault(variable, 'a file that can be read', `${code} at ${file}`));
  }
}
