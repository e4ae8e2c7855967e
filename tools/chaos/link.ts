import { once, setMaxListeners } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * - `fine`: everything goes through.
 * - `cut`: connections break, and nobody can connect.
 * - `partition`: nothing goes through either way; what was sent arrives afterwards, as TCP sends it again.
 * - `half-open`: the server sees its connections end, and the client is not told.
 * - `lost answers`: requests go through, and their answers do not.
 * - `slow`: every piece takes its time.
 */
export type Weather = 'fine' | 'cut' | 'partition' | 'half-open' | 'lost answers' | 'slow';

/** A network connection from one part to another: a TCP proxy that can have any of the troubles above. */
export class Link {
  readonly #server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  readonly #target: number;
  readonly #clients = new Map<Socket, Socket>();
  #weather: Weather = 'fine';
  #delay = 0;
  #heldBack = 0;
  #changed = endlessController();

  /** `target` is the port of the server, on this machine. */
  constructor(target: number) {
    this.#target = target;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Leads to the server, once the link listens. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Changes the weather; `delay` is what a piece takes in ms while it is slow. */
  become(weather: Weather, delay = 0): void {
    const before = this.#weather;
    this.#weather = weather;
    this.#delay = delay;
    this.#heldBack = 0;
    if (weather === 'cut' || before === 'half-open' || before === 'lost answers') this.#reset();
    if (weather === 'half-open') for (const server of this.#clients.values()) server.destroy();
    this.#changed.abort();
    this.#changed = endlessController();
  }

  /** How many pieces have been held back, or lost, since it last changed. */
  get heldBack(): number {
    return this.#heldBack;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.become('cut');
    await closed;
  }

  #reset(): void {
    for (const client of this.#clients.keys()) client.resetAndDestroy();
  }

  #accept(client: Socket): void {
    client.on('error', () => undefined);
    if (this.#weather === 'cut') return void client.resetAndDestroy();
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    this.#clients.set(client, server);
    server.on('error', () => undefined).on('close', () => this.#weather === 'half-open' || client.destroy());
    client.on('close', () => {
      this.#clients.delete(client);
      server.destroy();
    });
    client.pipe(this.#passage('request')).pipe(server);
    server.pipe(this.#passage('answer')).pipe(client);
  }

  #passage(way: 'request' | 'answer'): Transform {
    return new Transform({
      transform: (piece: Buffer, _, done) =>
        void this.#pass(way).then((isLost) => done(null, isLost ? undefined : piece)),
    });
  }

  /** Resolves once a piece is through, with whether it is lost. */
  async #pass(way: 'request' | 'answer'): Promise<boolean> {
    if (this.#weather === 'partition') this.#heldBack++;
    while (this.#weather === 'partition') await once(this.#changed.signal, 'abort');
    if (this.#weather === 'slow')
      await sleep(this.#delay, undefined, { signal: this.#changed.signal }).catch(() => undefined);
    const isLost = this.#weather === 'half-open' || (this.#weather === 'lost answers' && way === 'answer');
    if (isLost) this.#heldBack++;
    return isLost;
  }
}

/** Any number of connections may wait for it. */
function endlessController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
