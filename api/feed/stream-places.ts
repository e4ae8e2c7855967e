import type { Request, Response } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { Problem } from '../http/problem.js';

export interface StreamLimits {
  /** Streams of all clients together. */
  readonly maxStreams: number;
  /** Those of one address (IPv6: of one /56 network), so that nobody takes all of them. */
  readonly maxStreamsOfClient: number;
}

/** Counts open streams, and refuses more than there may be: with 503, until one ends. */
export class StreamPlaces {
  readonly #limits: StreamLimits;
  readonly #openOf = new Map<string, number>();
  #open = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  /** Throws a Problem where there is no place; the place is free again once the response is closed. */
  take(request: Request, response: Response): void {
    const { maxStreams, maxStreamsOfClient } = this.#limits;
    const client = ipKeyGenerator(request.ip ?? '');
    const own = this.#openOf.get(client) ?? 0;
    if (this.#open >= maxStreams) throw tooMany(`${this.#open} streams are open`);
    if (own >= maxStreamsOfClient) throw tooMany(`${own} streams of your address are open`);
    this.#count(client, 1);
    response.once('close', () => this.#count(client, -1));
  }

  #count(client: string, change: 1 | -1): void {
    const own = (this.#openOf.get(client) ?? 0) + change;
    this.#open += change;
    if (own === 0) this.#openOf.delete(client);
    else this.#openOf.set(client, own);
  }
}

const tooMany = (what: string): Problem =>
  new Problem('too-many-streams', `${what}, which is the limit`, { headers: { 'Retry-After': '10' } });
