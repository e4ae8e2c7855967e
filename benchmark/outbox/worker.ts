import { Argument, Command } from 'commander';
import { createPool } from '../../core/postgres/pool.js';
import { shutdownSignal } from '../../platform/shutdown.js';
import { readWorkerConfig } from '../../workers/config.js';
import { effectsOf } from './effects.js';
import { serve } from './serve.js';
import { queued, type Queued } from './services.js';

const program = new Command('outbox-worker')
  .description('Runs the worker of a service on the queue in PostgreSQL until it is asked to stop.')
  .addArgument(new Argument('<service>').choices(queued))
  .parse();
const [service] = program.processedArgs as [Queued];

const config = readWorkerConfig(service, process.env);
const { databaseUrl: url } = config;
const pool = createPool({ url, applicationName: `${service} outbox`, onError: () => undefined });
const retryMs = service === 'notification' ? config.notification.retryIntervalMs : 1_000;
await serve({ service, pool, url, effects: effectsOf(service, config, pool), retryMs }, shutdownSignal());
await pool.end();
