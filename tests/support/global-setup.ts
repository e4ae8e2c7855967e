import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../db/migrate.js';
import { startPostgres } from '../../platform/embedded-postgres.js';
import { findTemporalCli, findTestServer } from '../../platform/temporal-binary.js';
import { roleOf, services, type Service } from '../../schemas/services.js';
import { payloadConverterPath, workflowsPath } from '../../workers/worker.js';
import { writeFile } from 'node:fs/promises';

declare module 'vitest' {
  interface ProvidedContext {
    readonly ownerUrl: string;
    readonly passwords: Readonly<Record<Service, string>>;
    readonly workflowBundle: string;
    readonly testServer: string;
    readonly temporalCli: string;
  }
}

/** One PostgreSQL cluster, one migrated template and one workflow bundle for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'order-saga-tests-'));
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '200',
  };
  const postgres = await startPostgres({ dataDir: folder, settings });
  const passwords = Object.fromEntries(
    services.map((service) => [service, randomBytes(12).toString('hex')]),
  ) as Record<Service, string>;
  await createTemplate(postgres.ownerUrl, passwords);
  const bundle = await bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger: quiet });
  const workflowBundle = path.join(folder, 'workflows.js');
  await writeFile(workflowBundle, bundle.code);
  project.provide('ownerUrl', postgres.ownerUrl);
  project.provide('passwords', passwords);
  project.provide('workflowBundle', workflowBundle);
  project.provide('testServer', await findTestServer(console.log));
  project.provide('temporalCli', await findTemporalCli(console.log));
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true });
  };
}

async function createTemplate(ownerUrl: string, passwords: Readonly<Record<Service, string>>): Promise<void> {
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  await owner.query('create database template_saga');
  await owner.end();
  const logins = Object.fromEntries(
    services.map((service) => [service, { user: roleOf(service), password: passwords[service] }]),
  ) as Record<Service, { user: string; password: string }>;
  await migrate(ownerUrl.replace(/\/postgres$/, '/template_saga'), logins);
}

const silent = () => undefined;
const quiet = {
  log: silent,
  trace: silent,
  debug: silent,
  info: silent,
  warn: console.warn,
  error: console.error,
};
