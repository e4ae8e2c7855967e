import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy in front of a server that cuts each connection after some bytes, wherever it then is. */
export class CuttingProxy {
  readonly #server = createServer((client) => this.#pipe(client));
  readonly #sockets = new Set<Socket>();
  readonly #target: URL;
  readonly #bytes: number;
  #cuts = 0;
  isCutting = true;

  /** `bytes` is the mean. */
  constructor(target: string, bytes: number) {
    this.#target = new URL(target);
    this.#bytes = bytes;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get cuts(): number {
    return this.#cuts;
  }

  #pipe(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    let left = Math.round(this.#bytes * (0.5 + Math.random()));
    const cut = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        this.#sockets.delete(socket);
        cut();
      });
    }
    client.pipe(server);
    server.on('data', (chunk: Buffer) => {
      client.write(this.isCutting ? chunk.subarray(0, Math.max(0, left)) : chunk);
      left -= chunk.length;
      if (!this.isCutting || left > 0) return;
      this.#cuts++;
      client.end();
      server.destroy();
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
