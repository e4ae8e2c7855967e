import { existsSync, readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { readCompose, examplePasswords } from './compose-file.js';
import { argumentsOf, dockerfileText, entrypoint, imageEnvironment, ofTheImage } from './dockerfile.js';

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

it('is well-formed', () => {
  expect(validate(dockerfileText)).toEqual([]);
  expect(validate('FROM node\nCOPPY . .')).not.toEqual([]);
});

it('builds from one exact version of Node, which the project supports', () => {
  const bases = new Set(argumentsOf('FROM').map((from) => from.split(' ')[0]));
  expect([...bases]).toEqual([expect.stringMatching(/^node:24\.\d+\.\d+-trixie-slim$/)]);
});

it('runs as nobody special, and takes the stop signal itself', () => {
  expect(ofTheImage('USER')).toBe('node');
  expect(ofTheImage('STOPSIGNAL')).toBe('SIGTERM');
  expect(entrypoint).toEqual(['node']);
  expect(imageEnvironment).toEqual({ NODE_ENV: 'production' });
});

it('has the health check that the containers use', () => {
  const check = ofTheImage('HEALTHCHECK');
  expect(check).toMatch(/^--interval=10s --timeout=5s /);
  const { test = [] } = readCompose(examplePasswords).services['api']?.healthcheck ?? {};
  expect(['CMD', ...(JSON.parse(check.slice(check.indexOf('['))) as string[])]).toEqual(test);
});

it('holds production dependencies, and copies only what exists', () => {
  const installs = argumentsOf('RUN').filter((command) => command.includes('npm ci'));
  expect(installs.at(-1)).toContain('--omit=dev --omit=optional');
  const copied = argumentsOf('COPY').filter((copy) => !copy.startsWith('--from'));
  for (const source of copied.flatMap((copy) => copy.split(' ').slice(0, -1)))
    expect([source, existsSync(source)]).toEqual([source, true]);
});

it('is built without what git ignores, without secrets, and without the history', () => {
  const ignored = linesOf('.dockerignore');
  expect(ignored).toEqual(expect.arrayContaining(['.git', '.env*']));
  const bare = linesOf('.gitignore').map((line) => line.replace(/\/$/, ''));
  for (const name of bare.filter((line) => !line.startsWith('.env'))) expect(ignored).toContain(name);
});
