import path from 'node:path';
import { isOk } from '../../platform/is-ok.js';
import { projectFolder } from '../../platform/project-folder.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Contender, NewOrder, Program } from '../contender.js';
import { installPackages } from '../install-packages.js';
import { storePlainOrder } from '../plain/place.js';
import { projectProgram } from '../servers/programs.js';
import type { Servers } from '../servers/servers.js';

const folder = 'benchmark/restate';
const server = `${folder}/node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`;

/** The plain saga on Restate, whose server keeps the outcome of each step in a log of its own and calls the worker. */
export const restate: Contender = {
  name: 'restate',
  title: 'the plain saga on Restate, a server with storage of its own, without Temporal',
  usesTemporal: false,
  prepare: async () => {
    await installPackages(folder);
    return () => Promise.resolve();
  },
  programs: (servers) => [serverOf(servers), workerOf(servers)],
  introduce: async (servers) => {
    const { admin, worker } = portsOf(servers);
    await post(`http://127.0.0.1:${admin}/deployments`, { uri: `http://127.0.0.1:${worker}`, force: true });
  },
  place,
  workflowIdsOf: () => [],
};

const portsOf = ({ ports: [ingress = 0, admin = 0, node = 0, worker = 0] }: Servers) => ({
  ...{ ingress, admin, node, worker },
});

function serverOf(servers: Servers): Program {
  const { ingress, admin, node } = portsOf(servers);
  const base = ['--base-dir', path.join(servers.dataDir, 'restate'), '--node-name', 'benchmark'];
  const listening = ['--listen-mode', 'tcp', '--bind-address', `127.0.0.1:${node}`];
  return {
    name: 'Restate',
    group: 'server',
    command: [path.join(projectFolder, server), '--no-logo', ...base, ...listening],
    env: {
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'error',
    },
    isReady: async () =>
      (await isOk(`http://127.0.0.1:${admin}/health`)) &&
      (await isOk(`http://127.0.0.1:${ingress}/restate/health`)),
  };
}

const workerOf = (servers: Servers): Program => ({
  name: 'Restate worker',
  group: 'workers',
  command: projectProgram('benchmark/restate/worker'),
  env: { ...servers.env, RESTATE_WORKER_PORT: String(portsOf(servers).worker) },
  isReady: (output) => output.includes('worker is ready'),
});

async function place(servers: Servers, order: NewOrder): Promise<OrderId> {
  await storePlainOrder(servers.pools.order, order);
  const url = `http://127.0.0.1:${portsOf(servers).ingress}/saga/run/send`;
  await post(url, order, { 'idempotency-key': order.orderId });
  return order.orderId;
}

async function post(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
}
