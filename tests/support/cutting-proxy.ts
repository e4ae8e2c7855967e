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
  /** Requests go through, and their answers are lost: nobody can be understood afterwards, so `cut` comes next. */
  losesAnswers = false;
  /** A connection is cut when the answer to such a request comes: it was carried out, and nobody hears of it. */
  losesAnswerTo: (request: Buffer) => boolean = () => false;

  /** `bytes` is the mean; infinitely many cut nothing. */
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
    let isAnswerLost = false;
    client.on('data', (request: Buffer) => (isAnswerLost ||= this.losesAnswerTo(request)));
    server.on('data', (chunk: Buffer) => {
      if (isAnswerLost) return cut();
      if (this.losesAnswers) return;
      client.write(this.isCutting ? chunk.subarray(0, Math.max(0, left)) : chunk);
      left -= chunk.length;
      if (!this.isCutting || left > 0) return;
      this.#cuts++;
      client.end();
      server.destroy();
    });
  }

  /** Ends all connections; new ones are served. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }
}
