import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { withLogin } from '../../platform/postgres-url.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Contender, NewOrder } from '../contender.js';
import { installPackages } from '../install-packages.js';
import { storePlainOrder } from '../plain/place.js';
import { projectProgram } from '../servers/programs.js';
import type { Servers } from '../servers/servers.js';

/** Its login and its database have the same name. */
const NAME = 'dbos';
const password = randomBytes(18).toString('base64url');

/** The plain saga on DBOS: a workflow is a function whose steps are recorded in PostgreSQL, in the same process. */
export const dbos: Contender = {
  name: 'dbos',
  title: 'the plain saga on DBOS, which keeps its workflows in the same PostgreSQL, without Temporal',
  usesTemporal: false,
  prepare: async (servers) => {
    await installPackages('benchmark/dbos');
    await createDatabase(servers);
    return () => Promise.resolve();
  },
  programs: ({ env, database, ports: [port] }) => [
    {
      ...{ name: 'DBOS worker', group: 'workers', command: projectProgram('benchmark/dbos/worker') },
      env: {
        ...env,
        DBOS_SYSTEM_DATABASE_URL: databaseUrl(database.ownerUrl),
        DBOS_PORT: String(port),
      },
      isReady: (output) => output.includes('worker is ready'),
    },
  ],
  place,
  workflowIdsOf: () => [],
};

async function place({ pools, ports: [port] }: Servers, order: NewOrder): Promise<OrderId> {
  await storePlainOrder(pools.order, order);
  const request = { method: 'POST', body: JSON.stringify(order) };
  const { status } = await fetch(`http://127.0.0.1:${port}`, request);
  if (status !== 202) throw new Error(`the DBOS worker answers ${status}`);
  return order.orderId;
}

/** For what DBOS keeps of its workflows. */
async function createDatabase({ owner }: Servers): Promise<void> {
  const { rowCount } = await owner.query('select from pg_database where datname = $1', [NAME]);
  if (rowCount === 1) return;
  await owner.query(`create role ${NAME} login password ${pg.escapeLiteral(password)}`);
  await owner.query(`create database ${NAME} owner ${NAME}`);
}

function databaseUrl(ownerUrl: string): string {
  const url = new URL(withLogin(ownerUrl, NAME, password));
  url.pathname = `/${NAME}`;
  return url.href;
}
