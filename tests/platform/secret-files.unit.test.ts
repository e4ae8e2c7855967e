import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSecretFiles } from '../../platform/secret-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'secret-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function secret(content: string): Promise<string> {
  const file = path.join(folder, String(Math.random()));
  await writeFile(file, content);
  return file;
}

test.each(['DATABASE_URL', 'DATABASE_URL_ORDER', 'DATABASE_URL_OBSERVER', 'SMTP_URL', 'TEMPORAL_API_KEY'])(
  '%s comes from its file, without the line break at the end',
  async (name) => {
    const env = { [`${name}_FILE`]: await secret('with\n a break inside\n') };
    readSecretFiles(env);
    expect(env).toEqual({ [name]: 'with\n a break inside' });
  },
);

test('what is no secret keeps its file', () => {
  const env = { HEALTH_FILE: '/tmp/healthy', ENV_FILE: '.env', TEMPORAL_CONFIG_FILE: 'temporal.toml' };
  readSecretFiles(env);
  expect(env).toEqual({
    HEALTH_FILE: '/tmp/healthy',
    ENV_FILE: '.env',
    TEMPORAL_CONFIG_FILE: 'temporal.toml',
  });
});

test('an empty value is none: the file counts', async () => {
  const env = { SMTP_URL: '', SMTP_URL_FILE: await secret('smtp://mail:25') };
  readSecretFiles(env);
  expect(env).toEqual({ SMTP_URL: 'smtp://mail:25' });
});

test('every fault is told, and no secret', async () => {
  const env = {
    DATABASE_URL_ORDER_FILE: path.join(folder, 'missing'),
    DATABASE_URL_PAYMENT_FILE: await secret('\n'),
    SMTP_URL_FILE: await secret('smtp://user:hidden@mail'),
    SMTP_URL: 'smtp://user:hidden@other',
  };
  expect(() => readSecretFiles(env)).toThrow(
    [
      'DATABASE_URL_ORDER_FILE: expected a file that can be read',
      `  found ENOENT at ${env.DATABASE_URL_ORDER_FILE}`,
      'DATABASE_URL_PAYMENT_FILE: expected a file with the value',
      `  found nothing in ${env.DATABASE_URL_PAYMENT_FILE}`,
      'SMTP_URL_FILE: expected the value or its file, not both',
      '  found SMTP_URL',
    ].join('\n'),
  );
});
