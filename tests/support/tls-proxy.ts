import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { certificate } from './certificates.js';

const pem = (name: string) => readFileSync(certificate(name));

export interface TlsProxy {
  readonly address: string;
  close(): Promise<void>;
}

/** Ends TLS as `temporal.test` in front of the test server; it may insist on a certificate of the client. */
export async function proxyTo(target: string, requestCert: boolean): Promise<TlsProxy> {
  const [host, port] = target.split(':');
  const sockets = new Set<Socket>();
  const identity = { cert: pem('server.pem'), key: pem('server-key.pem'), ca: pem('ca.pem') };
  const options = { ...identity, requestCert, rejectUnauthorized: requestCert, ALPNProtocols: ['h2'] };
  const server = createServer(options, (client) => {
    const upstream = connect(Number(port), host);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  const address = await listen(server);
  return {
    address,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** On a free port of this machine; says where. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
